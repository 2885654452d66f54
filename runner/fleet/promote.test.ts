import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AUDIT_PATH, parseAuditEntry } from '../../compiler/contract/audit.ts';
import { AUDIT_REF, BUNDLES_REF, hostRef } from '../../compiler/contract/names.ts';
import type { Promotion } from '../../compiler/contract/promotion.ts';
import { readObject } from '../../compiler/git/read-objects.ts';
import { readTree } from '../../compiler/git/read-tree.ts';
import { listCommits, listRefs, resolve, updateRefs } from '../../compiler/git/refs.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import { publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { temporaryFolder } from '../../compiler/git/temporary-repository.ts';
import { expectedBundles, readBundleHosts } from './bundle-hosts.ts';
import {
  bundlesOf,
  keyNamed,
  NOW,
  OPERATOR,
  type TemporaryFleet,
  temporaryFleet,
  trustIn,
} from './temporary-fleet.ts';
import { promoteByHand, promotionOf } from './test-promotions.ts';

const key = keyNamed('operator');
const DAY = 86_400;
const [X1, X2, Y1] = ['alpha/x/x-1', 'alpha/x/x-2', 'prod/y/y-1'];

async function auditOf(repository: Repository) {
  const entries = [];
  for (const id of await listCommits(repository, AUDIT_REF, 100)) {
    entries.push(parseAuditEntry((await readObject(repository, `${id}:${AUDIT_PATH}`))!.content!)!);
  }
  return entries;
}

describe.each([false, true])('promote (config repository elsewhere: %s)', (remote) => {
  test('signs the bundle trees of hosts as they are, and our verification accepts them', async () => {
    const fleet = await temporaryFleet({ remote });
    const { configRepository } = fleet;
    const bundles = await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '2', [Y1]: '3' }));
    const { value, diagnostics } = await fleet.promote({ hosts: ['x-2', 'x-1', 'x-1'] });
    expect(diagnostics).toEqual([]);
    expect(value!.promoted).toMatchObject([
      { host: 'x-1', type: 'alpha', cluster: 'x', seq: 1, expires: NOW + 90 * DAY },
      { host: 'x-2', type: 'alpha', cluster: 'x', seq: 1 },
    ]);
    expect([...(await listRefs(configRepository, ['refs/khp/hosts/'])).values()].sort()).toEqual(
      value!.promoted.map(({ commit }) => commit).sort(),
    );
    const hosts = await readBundleHosts(configRepository, bundles);
    const one = await promotionOf(configRepository, 'x-1');
    expect(one).toMatchObject({ host: 'x-1', tree: hosts.get('x-1')!.tree, parents: [], restart: [] });
    expect(
      Buffer.from((await readTree(configRepository, hostRef('x-1'))).get('files/etc/x')!).toString(),
    ).toBe('1');
    expect(await auditOf(configRepository)).toMatchObject([
      {
        action: 'promote',
        result: 'done',
        who: OPERATOR,
        at: '2023-11-14T22:13:20Z',
        clusters: ['alpha/x'],
        hosts: ['x-1', 'x-2'],
        summary: '2 hosts of alpha/x',
        bundles,
      },
    ]);
  });

  test('counts up for another bundle, renews near the end, and leaves the rest alone', async () => {
    const fleet = await temporaryFleet({ remote });
    const { configRepository } = fleet;
    await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '2' }));
    const first = (await fleet.promote()).value!;
    expect(await fleet.promote()).toEqual({
      value: { promoted: [], renewed: [], unchanged: ['x-1', 'x-2'] },
      diagnostics: [],
    });
    await fleet.compile(bundlesOf({ [X1]: '1', [X2]: 'other' }));
    const second = (await fleet.promote({ now: NOW + DAY })).value!;
    expect(second).toMatchObject({ promoted: [{ host: 'x-2', seq: 2 }], renewed: [], unchanged: ['x-1'] });
    expect((await promotionOf(configRepository, 'x-2')).parents).toEqual([first.promoted[1]!.commit]);
    expect((await fleet.promote({ now: NOW + 60 * DAY - 1 })).value!.renewed).toEqual([]);
    const third = (await fleet.promote({ now: NOW + 60 * DAY })).value!;
    const expires = NOW + 150 * DAY;
    expect(third).toMatchObject({
      promoted: [],
      renewed: [{ host: 'x-1', seq: 1, expires }],
      unchanged: ['x-2'],
    });
    expect(await promotionOf(configRepository, 'x-1')).toMatchObject({
      seq: 1,
      expires,
      parents: [first.promoted[0]!.commit],
    });
    expect((await auditOf(configRepository)).map(({ action, hosts }) => [action, hosts])).toEqual([
      ['renew', ['x-1']],
      ['promote', ['x-2']],
      ['promote', ['x-1', 'x-2']],
    ]);
    // Back to what it was: content goes back, the number does not.
    await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '2' }));
    expect((await fleet.promote({ now: NOW + DAY })).value!.promoted).toMatchObject([
      { host: 'x-2', seq: 3 },
    ]);
  });

  test('two at once: every host gets one promotion, and both say what is true', async () => {
    const fleet = await temporaryFleet({ remote });
    await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '2', [Y1]: '3' }));
    const outcomes = await Promise.all([
      fleet.promote({ hosts: ['x-1', 'x-2'] }),
      fleet.promote({ hosts: ['x-2', 'y-1'], who: { name: 'Eve', email: 'eve@example.com' } }),
    ]);
    expect(outcomes.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
    const promoted = outcomes.flatMap(({ value }) => value!.promoted.map(({ host }) => host));
    expect(promoted.sort()).toEqual(['x-1', 'x-2', 'y-1']);
    for (const host of promoted) expect((await promotionOf(fleet.configRepository, host)).seq).toBe(1);
    expect(await auditOf(fleet.configRepository)).toHaveLength(2);
  });
});

describe('promote refuses', () => {
  async function scene(): Promise<TemporaryFleet> {
    const fleet = await temporaryFleet();
    await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '2', [Y1]: '3' }));
    return fleet;
  }
  async function expectRefusal(
    fleet: TemporaryFleet,
    more: Parameters<TemporaryFleet['promote']>[0],
    code: string,
  ) {
    const before = await listRefs(fleet.configRepository, ['refs/khp/']);
    const { value, diagnostics } = await fleet.promote(more);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: `promote/${code}`, severity: 'error' }]);
    expect(await listRefs(fleet.configRepository, ['refs/khp/'])).toEqual(before);
    return diagnostics[0]!;
  }

  test('bundles that are not what their source compiles to, for all hosts, and says so in the audit', async () => {
    const fleet = await scene();
    const real = expectedBundles(bundlesOf({ [X1]: '1', [X2]: '2', [Y1]: '3' }));
    const other = expectedBundles(bundlesOf({ [X1]: '1', [X2]: 'evil', [Y1]: '3' }));
    const sameManifest = new Map([
      ...real,
      ['x-2', { ...real.get('x-2')!, tree: other.get('x-2')!.tree }],
    ] as const);
    const missing = new Map([...real].filter(([host]) => host !== 'x-2'));
    for (const expected of [other, sameManifest, missing]) {
      expect((await expectRefusal(fleet, { expected }, 'differs')).hosts).toEqual(['x-2']);
    }
    const entries = await auditOf(fleet.configRepository);
    expect(entries).toHaveLength(3);
    expect(entries[0]).toMatchObject({
      result: 'refused',
      problems: ['promote/differs'],
      hosts: ['x-2'],
      clusters: ['alpha/x'],
    });
  });

  test('more than one cluster without yes', async () => {
    const fleet = await scene();
    await expectRefusal(fleet, { yes: false }, 'many-clusters');
    expect((await fleet.promote({ yes: false, hosts: ['x-1', 'x-2'] })).value!.promoted).toHaveLength(2);
  });

  test('hosts without a bundle', async () => {
    const { hosts } = await expectRefusal(await scene(), { hosts: ['x-1', 'gone', '../x'] }, 'unknown-host');
    expect(hosts).toEqual(['../x', 'gone']);
  });

  test('a key that no host would accept', async () => {
    const fleet = await scene();
    await expectRefusal(fleet, { key: keyNamed('stranger') }, 'key-not-allowed');
    await expectRefusal(fleet, { trust: { ...trustIn(key), revoked: [key.publicKey] } }, 'key-not-allowed');
  });

  test('bundles of a commit that is not on the branch, that moved, or that khp did not make', async () => {
    const fleet = await scene();
    const { configRepository } = fleet;
    const tip = (await resolve(configRepository, BUNDLES_REF))!;
    await expectRefusal(fleet, { bundles: 'f'.repeat(40) }, 'bundles-moved');
    await expectRefusal(fleet, { branch: 'refs/heads/none' }, 'not-on-branch');
    await expectRefusal(fleet, { branch: tip }, 'not-on-branch');
    const main = (await resolve(configRepository, 'refs/heads/main'))!;
    await updateRefs(configRepository, [{ ref: BUNDLES_REF, old: tip, new: main }], 'by hand');
    await expectRefusal(fleet, {}, 'foreign-bundles');
    await updateRefs(configRepository, [{ ref: BUNDLES_REF, old: main, new: undefined }], 'by hand');
    await expectRefusal(fleet, { bundles: main }, 'no-bundles');
  });

  test('a host whose ref another one stands in the way of, and says which', async () => {
    const fleet = await scene();
    const main = (await resolve(fleet.configRepository, 'refs/heads/main'))!;
    const blocking = { ref: `${hostRef('x-1')}/x`, old: undefined, new: main };
    expect(await updateRefs(fleet.configRepository, [blocking], 'by hand')).toEqual({ ok: true });
    expect((await expectRefusal(fleet, {}, 'conflict')).message).toContain(blocking.ref);
  });

  test('to count on from a promotion that it cannot believe', async () => {
    const fleet = await scene();
    const promotion: Promotion = {
      host: 'x-1',
      seq: 900,
      expires: NOW + DAY,
      manifest: 'a'.repeat(64),
      restart: [],
      retire: [],
    };
    await promoteByHand(fleet, { promotion, signer: 'stranger' });
    expect((await expectRefusal(fleet, {}, 'untrusted-current')).hosts).toEqual(['x-1']);
    await promoteByHand(fleet, { promotion, signer: 'operator', at: 'x-2' });
    await promoteByHand(fleet, { promotion, signer: 'operator' });
    expect((await expectRefusal(fleet, {}, 'untrusted-current')).hosts).toEqual(['x-2']);
    expect((await fleet.promote({ hosts: ['x-1'] })).value!.promoted).toMatchObject([
      { host: 'x-1', seq: 901 },
    ]);
    const main = (await resolve(fleet.configRepository, 'refs/heads/main'))!;
    await updateRefs(fleet.configRepository, [{ ref: hostRef('y-1'), old: undefined, new: main }], 'by hand');
    expect((await expectRefusal(fleet, { hosts: ['y-1'] }, 'untrusted-current')).hosts).toEqual(['y-1']);
  });
});

test('a key whose time is over is still believed for what it signed before, which is signed anew', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '1' }));
  await fleet.promote();
  await fleet.compile(bundlesOf({ [X1]: '2', [X2]: '1' }));
  const next = keyNamed('next');
  const trust = trustIn(key, next);
  const retired = trust.signers.map((signer, index) =>
    index === 0 ? { ...signer, validBefore: NOW + 1 } : signer,
  );
  const later = { now: NOW + DAY, trust: { signers: retired, revoked: [] } };
  expect((await fleet.promote(later)).diagnostics).toMatchObject([{ code: 'promote/key-not-allowed' }]);
  expect((await fleet.promote({ ...later, key: next })).value).toMatchObject({
    promoted: [{ host: 'x-1', seq: 2 }],
    renewed: [{ host: 'x-2', seq: 1 }],
  });
  expect((await fleet.promote({ ...later, key: next })).value!.unchanged).toEqual(['x-1', 'x-2']);
});

test.skipIf(spawnSync('ssh-keygen', ['-?']).error !== undefined)(
  'git verify-commit accepts a promotion',
  async () => {
    const fleet = await temporaryFleet();
    await fleet.compile(bundlesOf({ [X1]: '1' }));
    await fleet.promote();
    const signers = join(await temporaryFolder(), 'signers');
    await writeFile(signers, `ops@example.com namespaces="git" ${publicKeyLine(key)}\n`);
    const args = ['-c', `gpg.ssh.allowedSignersFile=${signers}`, 'verify-commit', '--raw', hostRef('x-1')];
    execFileSync('git', args, { cwd: fleet.configRepository.gitDir, stdio: 'pipe' });
    execFileSync('git', ['fsck', '--strict'], { cwd: fleet.configRepository.gitDir, stdio: 'pipe' });
  },
);
