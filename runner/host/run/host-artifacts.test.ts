import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import type { Promotion } from '../../../compiler/contract/promotion.ts';
import { sampleService } from '../../../compiler/contract/sample-service.ts';
import { apply } from '../apply/apply.ts';
import { rollback, rollbackTargets } from '../apply/rollback.ts';
import { folderName } from '../artifacts/artifact-folder.ts';
import { fileAddress, sampleArtifact } from '../artifacts/sample-artifacts.ts';
import { sampleTarball } from '../artifacts/sample-tar.ts';
import { layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import { sampleManifest } from '../sample-bundle.ts';
import { sampleFleet } from '../sample-fleet.ts';
import { readState } from '../state/store.ts';
import { prepare, prepareRollback } from './prepare.ts';
import { fetchAndAccept, hostOf } from './run-once.ts';

const STOPPED = new Set(['hadoop']);

function releaseOf(version: string): ArtifactEntry {
  const bytes = sampleTarball([{ name: `hadoop-${version}/RELEASE`, body: version }]);
  return sampleArtifact(bytes, { version, url: fileAddress(bytes), link: '/data/hadoop' });
}

/** What is signed, and when: seconds since the epoch. */
type Signed = Partial<Promotion> & { readonly signedAt?: number };

/** A host of a fleet that promotes releases, with a datanode or without. */
async function host({ service = true, settings: more = '' } = {}) {
  const fleet = await sampleFleet(more);
  const link = join(fleet.root, 'data/hadoop');
  let seq = 0;
  const promote = (artifacts: ArtifactEntry[], { signedAt, ...promotion }: Signed = {}) => {
    seq += 1;
    const services = service ? [sampleService()] : [];
    return fleet.promote({
      files: {},
      manifest: sampleManifest([], { artifacts, services }),
      promotion: { seq, ...promotion },
      ...(signedAt !== undefined && { signedAt }),
    });
  };
  const layout = layoutOf(fleet.root);
  const settings = readSettings(layout, undefined);
  if (!settings.ok) throw new Error(settings.problems.join());
  const self = hostOf(layout, settings.settings);
  const state = () => readState(self.engine.rooted);
  /** What services do once they are stopped. */
  const switchLink = async () => {
    const now = Math.floor(Date.now() / 1000);
    const judged = await fetchAndAccept(self, { gitDir: layout.repository, state: state(), now });
    if (judged.kind !== 'accepted') throw new Error(judged.kind);
    const prepared = await prepare(self, { bundle: judged.bundle, state: state(), switchable: STOPPED });
    if ('code' in prepared) throw new Error(prepared.message);
    return apply(self.engine, { ...prepared, bundle: judged.bundle, state: state() });
  };
  const release = () => readFileSync(join(link, 'RELEASE'), 'utf8');
  return { ...fleet, self, link, promote, state, switchLink, release };
}

test('the first release is linked at once; the next is unpacked, and its link waits for the services', async () => {
  const { command, promote, link, release, switchLink, state, root } = await host();
  const [old, next] = [releaseOf('1'), releaseOf('2')];
  await promote([old]);
  expect(await command('plan')).toMatchObject({
    exit: 0,
    stdout: `fetch    hadoop 1 (${old.size} bytes) from ${old.url}\nlink     /data/hadoop → ${folderName(old)}\n1 step\n`,
  });
  expect(existsSync(link)).toBe(false);
  expect(await command('apply')).toMatchObject({ exit: 0, stderr: '' });
  expect(release()).toBe('1');
  const before = state().changes.datanode!.restart;

  await promote([next]);
  expect(await command('apply')).toMatchObject({ exit: 0, stderr: '' });
  expect(release()).toBe('1');
  expect(readdirSync(join(root, 'data')).sort()).toEqual(
    ['hadoop', folderName(old), folderName(next)].sort(),
  );
  expect(await command('plan')).toMatchObject({ stdout: expect.stringMatching(/^wait {5}\/data\/hadoop/) });
  expect(await command('status')).toMatchObject({ stdout: expect.stringContaining('drift       none') });
  expect(state().changes.datanode!.restart).toEqual(before);

  expect(await switchLink()).toEqual({ ok: true, changed: true, written: ['/data/hadoop'] });
  expect(release()).toBe('2');
  expect(state().changes.datanode!.restart.digest).not.toBe(before.digest);
  expect(await command('plan')).toMatchObject({ stdout: 'nothing to do\n' });
});

test('a rollback moves the link back without network, under the same rule', async () => {
  const { command, promote, release, switchLink, state, self, root } = await host();
  await promote([releaseOf('1')]);
  await command('apply');
  await promote([releaseOf('2')]);
  await command('apply');
  await switchLink();
  rmSync(join(root, 'var/lib/khp/repo.git'), { recursive: true });
  expect(await command('rollback')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('rollback/services-run'),
  });
  expect(release()).toBe('2');
  const target = rollbackTargets(self.engine.rooted, state())[0]!;
  const prepared = await prepareRollback(self, { target, state: state(), switchable: STOPPED });
  if ('code' in prepared) throw new Error(prepared.message);
  const done = rollback(self.engine, { ...prepared, target, state: state(), reason: 'it was never healthy' });
  expect(done).toMatchObject({ ok: true });
  expect(release()).toBe('1');
  expect(state()).toMatchObject({ watermark: { seq: 2 }, held: { seq: 2, reason: 'it was never healthy' } });
  expect(await command('status')).toMatchObject({ stdout: expect.stringContaining('drift       none') });
});

test('a release that was there before khp comes back when the promotion that replaced it is rolled back', async () => {
  const { command, promote, link } = await host({ service: false });
  await promote([]);
  await command('apply');
  mkdirSync(join(link, '..'));
  symlinkSync('/opt/hadoop-of-the-image', link);
  const release = releaseOf('1');
  await promote([release]);
  expect(await command('apply')).toMatchObject({ exit: 0 });
  expect(readlinkSync(link)).toBe(folderName(release));
  expect(await command('rollback')).toMatchObject({ exit: 0 });
  expect(readlinkSync(link)).toBe('/opt/hadoop-of-the-image');
});

test('a link that was moved by hand is drift, and waits until the services are stopped', async () => {
  const { command, promote, link, switchLink } = await host();
  await promote([releaseOf('1')]);
  await command('apply');
  rmSync(link);
  symlinkSync('elsewhere', link);
  expect(await command('apply')).toMatchObject({ stdout: expect.stringContaining('drift /data/hadoop') });
  expect(readlinkSync(link)).toBe('elsewhere');
  await switchLink();
  expect(await command('status')).toMatchObject({ stdout: expect.stringContaining('drift       none') });
});

/** A server of http; gives its address. */
async function serverOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hadoop.tar.gz`;
}

test('a newer promotion does not wait for the tarball of an older one, be it hours later', async () => {
  let begun = (): void => {};
  const isBegun = new Promise<void>((done) => {
    begun = done;
  });
  // The rest never comes.
  const url = await serverOf((_, response) => {
    response.writeHead(200).write(Buffer.alloc(10), () => begun());
  });
  const { command, promote, report, root } = await host({ settings: 'interval: 1\n' });
  await promote([{ ...releaseOf('1'), url }]);
  let now = Date.now();
  const running = command('apply', { now: () => now });
  await isBegun;
  now += 5 * 3_600_000;
  await promote([], { signedAt: Math.floor(now / 1000) });
  expect(await running).toMatchObject({ exit: 0, stderr: '' });
  expect(await report()).toMatchObject({ result: 'applied', active: { seq: 2 } });
  expect(readdirSync(join(root, 'var/lib/khp/downloads'))).toEqual([]);
});

test('a run whose ledger of artifacts is damaged comes to its end', async () => {
  const { promote, runner, report, root } = await host({ settings: 'interval: 1\n' });
  await promote([releaseOf('1')]);
  expect(await runner(['apply'])).toMatchObject({ exit: 0 });
  writeFileSync(join(root, 'var/lib/khp/artifacts.json'), '{');
  await promote([releaseOf('2')]);
  expect(await runner(['apply'])).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('state/damaged'),
  });
  expect(await report()).toMatchObject({ result: 'failed', problem: { code: 'state/damaged' } });
});

test('a grant that ends while a tarball comes is none', async () => {
  let now = Date.now();
  const release = releaseOf('1');
  const url = await serverOf((_, response) => {
    now += 4 * 3_600_000;
    response.end(readFileSync(fileURLToPath(release.url)));
  });
  const { command, promote, report } = await host();
  await promote([{ ...release, url }], { restart: ['datanode'], signedAt: Math.floor(now / 1000) });
  // One that counts would be a problem of a host on which nobody can restart anything.
  expect(await command('apply', { now: () => now })).toMatchObject({ exit: 0, stderr: '' });
  expect(await report()).toMatchObject({ result: 'applied', problem: null });
});

test('without its artifact nothing of a promotion is applied; --prestage brings it ahead and touches no more', async () => {
  const { command, promote, link, root, report } = await host();
  const release = releaseOf('1');
  await promote([{ ...release, url: 'file:///nowhere/hadoop.tar.gz' }]);
  expect(await command('apply')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('artifacts/not-fetched'),
  });
  expect(await report()).toMatchObject({ result: 'failed', active: null });
  await promote([release]);
  const folder = `/data/${folderName(release)}`;
  expect(await command('prestage')).toMatchObject({ exit: 0, stdout: `unpacked ${folder}\n` });
  expect(await command('prestage')).toMatchObject({ exit: 0, stdout: 'every artifact is there\n' });
  expect(lstatSync(join(root, folder)).isDirectory()).toBe(true);
  expect(existsSync(link)).toBe(false);
  expect(await command('plan')).toMatchObject({
    stdout: `link     /data/hadoop → ${folderName(release)}\n1 step\n`,
  });
});
