import { expect, test } from 'vitest';
import type { ArtifactEntry, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { sampleService } from '../../../compiler/contract/sample-service.ts';
import type { Plan } from '../plan/plan.ts';
import { sampleFile, sampleManifest, sha256 } from '../sample-bundle.ts';
import type { RoleChanges } from '../state/state-file.ts';
import { changesAfter, type RoleInputs, roleInputs } from './role-inputs.ts';

const ARTIFACT: ArtifactEntry = {
  component: 'hadoop',
  version: '3.3.6',
  url: 'https://example/hadoop.tar.gz',
  sha256: sha256('tarball'),
  size: 7,
  link: '/opt/hadoop',
};
const PATH = '/etc/hadoop/hdfs-site.xml';
const QUIET: Pick<Plan, 'steps' | 'waiting'> = { steps: [], waiting: [] };

function digestOf(change: Partial<RoleInputs> & { service?: Partial<ServiceEntry>; effect?: string } = {}) {
  const { service, effect = sha256('x'), ...inputs } = change;
  const files = [
    sampleFile(PATH, 'x', { effect, restart: ['datanode'] }),
    sampleFile('/etc/hadoop/log4j.properties', effect),
  ];
  const manifest = sampleManifest(files, {
    services: [sampleService(service)],
    artifacts: [ARTIFACT],
  });
  return roleInputs({ manifest, plan: QUIET, digests: {}, ...inputs }).datanode!.restart;
}

test('what a service runs from: its definition, effects of files that name it, and where its link leads', () => {
  const same = digestOf().digest;
  expect(digestOf({ service: { on_failure: 'rollback', max_unavailable: 2, after: ['a'] } }).digest).toBe(
    same,
  );
  const link = { component: 'hadoop', path: '/opt/hadoop', target: 'hadoop-3.3.6', from: 'hadoop-2.10.2' };
  const others = [
    digestOf({ service: { command: 'x' } }),
    digestOf({ service: { user: 'x' } }),
    digestOf({ service: { environment: { A: 'b' } } }),
    digestOf({ service: { limits: { nofile: 1 } } }),
    digestOf({ effect: sha256('y') }),
    digestOf({ digests: { [PATH]: { sha256: sha256('x'), effect: sha256('z') } } }),
    digestOf({ plan: { steps: [], waiting: [link] } }),
  ].map(({ digest }) => digest);
  expect(new Set([same, ...others]).size).toBe(8);
});

test('a file that was rewritten over a hand edit touches the roles that it names, and no other', () => {
  const entry = sampleFile(PATH, 'x', { restart: ['datanode'] });
  const step = { kind: 'write', entry, save: true, isNew: false } as const;
  expect(digestOf({ plan: { steps: [step], waiting: [] } }).touched).toBe(true);
  expect(digestOf({ plan: { steps: [{ ...step, save: false }], waiting: [] } }).touched).toBe(false);
  expect(digestOf({ plan: { steps: [{ ...step, save: false, isNew: true }], waiting: [] } }).touched).toBe(
    true,
  );
  const other = { ...step, entry: sampleFile('/etc/hadoop/log4j.properties', 'x') };
  expect(digestOf({ plan: { steps: [other], waiting: [] } }).touched).toBe(false);
});

test('a change gets this moment; what did not change keeps its own; a role that went is forgotten', () => {
  const at = (digest: string, ticks: number) => ({ digest: sha256(digest), boot: 'b1', ticks });
  const before: RoleChanges = {
    datanode: { restart: at('a', 1), reload: at('r', 1) },
    namenode: { restart: at('b', 2), reload: at('r', 2) },
    gone: { restart: at('c', 3), reload: at('r', 3) },
    edited: { restart: at('d', 4), reload: at('r', 4) },
  };
  const same = (digest: string) => ({ digest: sha256(digest), touched: false });
  const roles = {
    datanode: { restart: same('a'), reload: same('other') },
    namenode: { restart: same('x'), reload: same('r') },
    fresh: { restart: same('y'), reload: same('r') },
    edited: { restart: { ...same('d'), touched: true }, reload: same('r') },
  };
  const now = (digest: string) => ({ digest: sha256(digest), boot: 'b2', ticks: 9 });
  expect(changesAfter(before, roles, () => ({ boot: 'b2', ticks: 9 }))).toEqual({
    datanode: { restart: at('a', 1), reload: now('other') },
    namenode: { restart: now('x'), reload: at('r', 2) },
    fresh: { restart: now('y'), reload: now('r') },
    edited: { restart: now('d'), reload: at('r', 4) },
  });
});
