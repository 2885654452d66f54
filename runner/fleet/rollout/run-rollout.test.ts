import { expect, test } from 'vitest';
import { AUDIT_PATH, parseAuditEntry } from '../../../compiler/contract/audit.ts';
import { AUDIT_REF, rolloutRef } from '../../../compiler/contract/names.ts';
import { readObject } from '../../../compiler/git/read-objects.ts';
import { listCommits, resolve, updateRefs } from '../../../compiler/git/refs.ts';
import {
  bundlesOf,
  keyNamed,
  NOW,
  OPERATOR,
  type TemporaryFleet,
  temporaryFleet,
  trustIn,
} from '../temporary-fleet.ts';
import { prepareRollout, type RolloutSession, runRollout } from './run-rollout.ts';
import { TestHost } from './test-hosts.ts';

const key = keyNamed('operator');
const NAMES = {
  nn1: ['namenode'],
  nn2: ['namenode'],
  dn1: ['datanode'],
  dn2: ['datanode'],
  dn3: ['datanode'],
  dn4: ['datanode'],
};

interface Scene {
  readonly fleet: TemporaryFleet;
  readonly hosts: ReadonlyMap<string, TestHost>;
  readonly lines: string[];
  readonly session: RolloutSession;
  /** Prepares and runs, as the command does. */
  go(selected?: readonly string[]): ReturnType<typeof runRollout>;
}

class Killed extends Error {}

async function scene({
  remote = false,
  names = NAMES,
  killAfter = Number.POSITIVE_INFINITY,
  onPause = async () => {},
}: {
  remote?: boolean;
  names?: Readonly<Record<string, readonly string[]>>;
  killAfter?: number;
  onPause?: (hosts: ReadonlyMap<string, TestHost>, tick: number) => Promise<void>;
} = {}): Promise<Scene> {
  const fleet = await temporaryFleet({ remote });
  const bundles = Object.entries(names).map(([host, roles]) => [`prod/x/${host}`, `1:${roles.join(',')}`]);
  await fleet.compile(bundlesOf(Object.fromEntries(bundles)));
  await fleet.promote();
  const hosts = new Map(
    Object.entries(names).map(([host, roles]) => [host, new TestHost(fleet, host, roles)]),
  );
  for (const host of hosts.values()) await host.run(NOW);
  const lines: string[] = [];
  let tick = 0;
  const session: RolloutSession = {
    config: fleet.config,
    reports: { repository: fleet.workspace, url: fleet.reports.gitDir },
    key,
    who: OPERATOR,
    trust: trustIn(key),
    clock: () => NOW + tick * 300,
    pause: async () => {
      tick += 1;
      if (tick === killAfter) throw new Killed();
      await onPause(hosts, tick);
      for (const host of hosts.values()) await host.run(NOW + tick * 300);
    },
    tell: (line) => lines.push(line),
  };
  return {
    fleet,
    hosts,
    lines,
    session,
    go: async (selected = [...hosts.keys()]) => {
      const target = { type: 'prod', cluster: 'x', members: [...hosts.keys()], selected: new Set(selected) };
      const { value, diagnostics } = await prepareRollout(session, target);
      return value ? runRollout(session, value) : { value: undefined, diagnostics };
    },
  };
}

async function auditOf({ configRepository }: TemporaryFleet) {
  const entries = [];
  for (const id of await listCommits(configRepository, AUDIT_REF, 100))
    entries.push(parseAuditEntry((await readObject(configRepository, `${id}:${AUDIT_PATH}`))!.content!)!);
  return entries;
}

test.each([false, true])(
  'namenodes one by one, then datanodes by half of them (config repository elsewhere: %s)',
  async (remote) => {
    const { go, hosts, lines, fleet } = await scene({ remote });
    const { value, diagnostics } = await go();
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ state: 'done', at: 4 });
    expect(lines.filter((line) => line.includes('granted'))).toEqual([
      'prod/x: wave 1 of 4: granted namenode on nn1',
      'prod/x: wave 2 of 4: granted namenode on nn2',
      'prod/x: wave 3 of 4: granted datanode on dn1, dn2',
      'prod/x: wave 4 of 4: granted datanode on dn3, dn4',
    ]);
    for (const host of hosts.values()) {
      expect(host.used).toHaveLength(1);
      expect(await host.promotion()).toMatchObject({ seq: 2 });
    }
    const entries = await auditOf(fleet);
    expect(entries[0]).toMatchObject({
      action: 'restart',
      result: 'done',
      summary: 'prod/x, all 4 waves are done',
    });
    expect(entries.filter(({ summary }) => summary.includes('granted'))).toHaveLength(4);
    expect((await go()).value).toBeUndefined();
  },
);

test('stops at the first failure, says where, and goes on behind it when it is put right', async () => {
  const { go, hosts, fleet } = await scene();
  hosts.get('dn2')!.broken.add('datanode');
  const first = await go();
  expect(first.value).toMatchObject({ state: 'stopped', at: 2 });
  expect(first.diagnostics).toMatchObject([
    {
      code: 'rollout/host-failed',
      hosts: ['dn2'],
      message: 'prod/x, wave 3 of 4: dn2: it is held: datanode does not answer',
    },
  ]);
  expect(hosts.get('dn3')!.used).toEqual([]);
  expect((await auditOf(fleet))[0]).toMatchObject({
    result: 'failed',
    problems: ['rollout/host-failed'],
    hosts: ['dn2'],
  });
  hosts.get('dn2')!.broken.clear();
  const second = await go();
  expect(second).toMatchObject({ value: { state: 'done' }, diagnostics: [] });
  expect(hosts.get('dn2')!.used).toEqual(['datanode@2', 'datanode@3']);
  expect(hosts.get('dn1')!.used).toEqual(['datanode@2']);
  expect(hosts.get('nn1')!.used).toEqual(['namenode@2']);
});

test('killed at any moment, the same command goes on, and grants nothing twice', async () => {
  for (const killAfter of [1, 3]) {
    const { go, hosts } = await scene({ killAfter });
    await expect(go()).rejects.toThrow(Killed);
    expect((await go()).value).toMatchObject({ state: 'done' });
    for (const host of hosts.values()) expect(host.used).toHaveLength(1);
  }
});

test('two commands at once: one goes on, the other one says so', async () => {
  const { go, hosts } = await scene();
  const both = await Promise.all([go(), go()]);
  const codes = both.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  expect(codes).toEqual(['rollout/taken']);
  for (const host of hosts.values()) expect(host.used).toHaveLength(1);
});

test('a namenode that is down keeps the other one up', async () => {
  const { go, hosts, session } = await scene();
  hosts.get('nn1')!.down.add('namenode');
  hosts.get('nn1')!.debt.clear();
  await hosts.get('nn1')!.run(session.clock());
  const { value, diagnostics } = await go();
  expect(value).toMatchObject({ state: 'stopped', at: 0 });
  expect(diagnostics).toMatchObject([{ code: 'rollout/time-limit', hosts: ['nn2'] }]);
  expect(diagnostics[0]!.message).toContain('waiting for nn1: of namenode, 1 may be down at once');
  expect(hosts.get('nn2')!.used).toEqual([]);
});

test('a host that died without a word does not answer the roll call', async () => {
  const { go, hosts } = await scene();
  hosts.get('nn2')!.run = async () => {};
  const { value, diagnostics } = await go(['nn1']);
  expect(value).toMatchObject({ state: 'stopped' });
  expect(diagnostics[0]!.message).toContain('waiting for nn2');
  expect(hosts.get('nn1')!.used).toEqual([]);
});

test.each<[string, number, boolean]>([
  ['and says so', 5, true],
  ['and says nothing of it, once it is heard long after', 30, false],
])('a host that comes to its grant too late, %s, is granted anew', async (_, hours, tellsLate) => {
  const { go, hosts, session } = await scene({ names: { dn1: ['datanode'], dn2: ['datanode'] } });
  const dn1 = hosts.get('dn1')!;
  const { run } = dn1;
  dn1.run = async () => {};
  expect((await go(['dn1'])).diagnostics).toMatchObject([{ code: 'rollout/time-limit', hosts: ['dn1'] }]);
  let now = NOW + hours * 3600;
  dn1.run = run;
  dn1.tellsLate = tellsLate;
  for (const host of hosts.values()) await host.run(now);
  expect(dn1.used).toEqual([]);
  const later: RolloutSession = {
    ...session,
    clock: () => now,
    pause: async () => {
      now += 300;
      for (const host of hosts.values()) await host.run(now);
    },
  };
  const target = { type: 'prod', cluster: 'x', members: ['dn1', 'dn2'], selected: new Set(['dn1', 'dn2']) };
  const { value } = await prepareRollout(later, target);
  expect((await runRollout(later, value!)).diagnostics).toEqual([]);
  expect(dn1.used).toEqual(['datanode@3']);
  expect(hosts.get('dn2')!.used).toEqual(['datanode@2']);
});

test('where a link is to move, all of a component on the host goes down at once', async () => {
  const { go, hosts, session } = await scene({ names: { a: ['namenode', 'zkfc'], b: ['namenode', 'zkfc'] } });
  for (const host of hosts.values()) {
    host.switches = ['hadoop'];
    await host.run(session.clock());
  }
  expect((await go()).value).toMatchObject({ state: 'done', at: 2 });
  expect(hosts.get('a')!.used).toEqual(['namenode@2', 'zkfc@2']);
});

test('a host that was promoted anew stops it, and a new plan takes its place', async () => {
  const scenery = await scene({
    onPause: async (_, tick) => {
      if (tick !== 1) return;
      const { fleet } = scenery;
      const names = Object.entries(NAMES).map(([host, roles]) => [`prod/x/${host}`, `2:${roles.join(',')}`]);
      await fleet.compile(bundlesOf(Object.fromEntries(names)));
      await fleet.promote({ hosts: ['dn4'] });
    },
  });
  const first = await scenery.go();
  expect(first.diagnostics).toMatchObject([{ code: 'rollout/moved', hosts: ['dn4'] }]);
  const second = await scenery.go();
  expect(second).toMatchObject({ value: { state: 'done', at: 2 }, diagnostics: [] });
  expect(scenery.hosts.get('dn4')!.used).toEqual(['datanode@3']);
  expect(scenery.hosts.get('dn1')!.used).toEqual(['datanode@2']);
});

test('hosts that cannot be planned for are named', async () => {
  const { go, hosts, fleet } = await scene();
  const names = Object.entries(NAMES).map(([host, roles]) => [`prod/x/${host}`, `2:${roles.join(',')}`]);
  await fleet.compile(bundlesOf(Object.fromEntries(names)));
  await fleet.promote({ hosts: ['dn1'] });
  hosts.get('dn1')!.run = async () => {};
  const target = {
    type: 'prod',
    cluster: 'x',
    members: [...hosts.keys(), 'gone'],
    selected: new Set(['dn1']),
  };
  const { session } = { session: (await scene()).session };
  const outcome = await prepareRollout(
    { ...session, config: fleet.config, reports: { repository: fleet.workspace, url: fleet.reports.gitDir } },
    target,
  );
  expect(outcome.value).toBeUndefined();
  expect(outcome.diagnostics).toMatchObject([
    {
      code: 'rollout/left-out',
      severity: 'warning',
      hosts: ['dn1'],
      message: expect.stringContaining('not yet run'),
    },
  ]);
  expect((await go(['dn2'])).value).toMatchObject({ state: 'done', at: 1 });
});

test('a rollout that somebody else has written is not believed', async () => {
  const { go, fleet } = await scene();
  const main = (await resolve(fleet.configRepository, 'refs/heads/main'))!;
  const ref = rolloutRef('prod', 'x');
  await updateRefs(fleet.configRepository, [{ ref, old: undefined, new: main }], 'by hand');
  expect((await go()).diagnostics).toMatchObject([{ code: 'rollout/untrusted' }]);
});
