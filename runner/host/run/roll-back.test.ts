import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Disk, nodeDisk } from '../apply/disk.ts';
import { markGood } from '../apply/generation-folder.ts';
import { layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import { sampleFleet } from '../sample-fleet.ts';
import { readState } from '../state/store.ts';
import { rollBack } from './roll-back.ts';
import { hostOf, runOnce } from './run-once.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';
const OTHER = '/etc/hadoop/conf/other.xml';

/** A host that applied three promotions. */
async function host() {
  const fleet = await sampleFleet();
  for (const [index, text] of ['one\n', 'two\n', 'three\n'].entries()) {
    const files = { [CORE]: text, ...(index === 1 && { [OTHER]: 'other\n' }) };
    await fleet.promote({ files, promotion: { seq: index + 1 } });
    expect(await fleet.command('apply')).toMatchObject({ exit: 0 });
  }
  const rooted = { disk: nodeDisk, root: fleet.root };
  const core = () => readFileSync(join(fleet.root, CORE), 'utf8');
  return { ...fleet, rooted, core, state: () => readState(rooted) };
}

test('returns to the generation before, without the repository, and holds what it left', async () => {
  const { command, core, state, root, config, report, promote } = await host();
  rmSync(join(root, 'var/lib/khp/repo.git'), { recursive: true });
  const before = state().watermark;
  expect(await command('rollback')).toMatchObject({ exit: 0, stderr: '' });
  expect(core()).toBe('two\n');
  expect(readFileSync(join(root, OTHER), 'utf8')).toBe('other\n');
  expect(state()).toMatchObject({
    watermark: before,
    active: { record: { generation: 4, seq: 2, rolled_back: 3 } },
    held: { seq: 3, reason: 'rolled back by hand' },
  });
  expect(await report()).toMatchObject({ result: 'rolled-back', active: { seq: 2, generation: 4 } });

  expect(await command('apply')).toMatchObject({ exit: 1, stderr: expect.stringContaining('apply/held') });
  expect(core()).toBe('two\n');
  expect(await report()).toMatchObject({ result: 'held' });
  expect(config).toBeDefined();

  await promote({ files: { [CORE]: 'three\n' }, promotion: { seq: 4 } });
  expect(await command('apply')).toMatchObject({ exit: 0 });
  expect(core()).toBe('three\n');
  expect(state().held).toBeUndefined();
});

/** The settings with these paths alone. */
function withPaths(text: string, paths: string): string {
  return text.replace(/^paths:\n( .*\n)+/m, `paths: [${paths}]\n`);
}

test('past a generation that runner.yml no longer allows to the next older one, and told', async () => {
  const { command, core, root, report } = await host();
  const settings = join(root, 'etc/khp/runner.yml');
  writeFileSync(settings, withPaths(readFileSync(settings, 'utf8'), CORE));
  const told = 'generation 2 cannot be returned to, not being allowed by runner.yml any more';
  expect(await command('rollback')).toMatchObject({
    exit: 0,
    stderr: '',
    stdout: expect.stringContaining(told),
  });
  expect(core()).toBe('one\n');
  expect(await report()).toMatchObject({
    result: 'rolled-back',
    active: { seq: 1 },
    held: { seq: 3, message: `rolled back by hand; ${told}` },
  });
});

test('not past what was healthy to what was never seen so', async () => {
  const { command, core, root, rooted, state } = await host();
  const settings = join(root, 'etc/khp/runner.yml');
  const text = readFileSync(settings, 'utf8');
  markGood(rooted, 2);
  writeFileSync(settings, withPaths(text, CORE));
  const before = state();
  expect(await command('rollback')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('does not allow sequence 2 any more'),
  });
  expect(state()).toEqual(before);
  // The advice, followed.
  writeFileSync(settings, text);
  expect(await command('rollback')).toMatchObject({ exit: 0 });
  expect(core()).toBe('two\n');
});

test('does not return to what runner.yml no longer allows, where nothing else is left, and changes nothing', async () => {
  const { command, core, state, root, report } = await host();
  const settings = join(root, 'etc/khp/runner.yml');
  const text = readFileSync(settings, 'utf8');
  const before = state();
  writeFileSync(settings, withPaths(text, '/etc/other'));
  const refused = await command('rollback');
  expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining('rollback/not-allowed') });
  expect(refused.stderr).toContain(
    `does not allow sequence 2 any more, which the host would return to: "${CORE}"`,
  );
  expect(refused.stderr).toContain(
    'allow it in runner.yml again and give khp-runner rollback once more, or promote',
  );
  expect(core()).toBe('three\n');
  expect(state()).toEqual(before);
  expect(await report()).toMatchObject({ result: 'failed', held: null, active: { seq: 3 } });
  writeFileSync(settings, text);
  expect(await command('rollback')).toMatchObject({ exit: 0 });
});

test('prefers what was seen healthy, goes further back each time, and ends where nothing is left', async () => {
  const { command, core, rooted, state } = await host();
  markGood(rooted, 1);
  expect(await command('rollback')).toMatchObject({ exit: 0 });
  expect(core()).toBe('one\n');
  expect(await command('rollback')).toMatchObject({ exit: 0 });
  expect(core()).toBe('two\n');
  const ended = await command('rollback');
  expect(ended).toMatchObject({ exit: 1, stderr: expect.stringContaining('rollback/nothing-kept') });
  expect(core()).toBe('two\n');
  expect(state().held?.seq).toBe(3);
});

test('a renewal of what is held is noted, and changes nothing', async () => {
  const { command, core, state, promote } = await host();
  await command('rollback');
  const { expires } = state().watermark!;
  await promote({ files: { [CORE]: 'three\n' }, promotion: { seq: 3, expires: expires + 1000 } });
  expect(await command('apply')).toMatchObject({ exit: 1, stderr: expect.stringContaining('apply/held') });
  expect(state().watermark?.expires).toBe(expires + 1000);
  expect(core()).toBe('two\n');
});

const TOLD = 'generation 2 cannot be returned to, being damaged';

test.each<[string, (generation: string) => void]>([
  ['other bytes', (path) => writeFileSync(join(path, 'blobs', readdirSync(join(path, 'blobs'))[0]!), 'evil')],
  ['a lost file', (path) => rmSync(join(path, 'blobs', readdirSync(join(path, 'blobs'))[0]!))],
  ['lost files', (path) => rmSync(join(path, 'blobs'), { recursive: true })],
  ['a lost manifest', (path) => rmSync(join(path, 'manifest.json'))],
  ['a record that is none', (path) => writeFileSync(join(path, 'generation.json'), '{')],
])('past a generation that is damaged (%s) to the next older one, and told', async (_, damage) => {
  const { command, core, root, report } = await host();
  damage(join(root, 'var/lib/khp/gens/2'));
  const done = await command('rollback');
  expect(done).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining(TOLD) });
  expect(core()).toBe('one\n');
  expect((await report()).held).toMatchObject({ message: `rolled back by hand; ${TOLD}` });
});

/** The host on a disk whose sectors of some file of a generation cannot be read. */
function onDisk(root: string, isLost: (path: string) => boolean, code: string) {
  const readFile: Disk['readFile'] = (folder, name) => {
    const path = `${folder.path}/${name}`;
    if (isLost(path)) throw Object.assign(new Error(`${code}: ${path}`), { code, syscall: 'read' });
    return nodeDisk.readFile(folder, name);
  };
  const layout = layoutOf(root);
  const read = readSettings(layout, undefined);
  if (!read.ok) throw new Error(read.problems.join());
  const { engine, ...rest } = hostOf(layout, read.settings);
  return { ...rest, engine: { ...engine, rooted: { root, disk: { ...nodeDisk, readFile } } } };
}

test('a sector of an old generation that cannot be read keeps the host from neither rollback nor apply', async () => {
  const { promote, core, root } = await host();
  const bad = onDisk(root, (path) => path.endsWith('gens/2/manifest.json'), 'EIO');
  expect(await rollBack(bad, Date.now)).toMatchObject({
    result: 'rolled-back',
    held: { message: expect.stringContaining(TOLD) },
  });
  expect(core()).toBe('one\n');
  await promote({ files: { [CORE]: 'four\n' }, promotion: { seq: 4 } });
  expect(await runOnce(bad, Date.now)).toMatchObject({ result: 'applied', problem: null });
  expect(readdirSync(join(root, 'var/lib/khp/gens'))).not.toContain('2');
});

test('what cannot be read for want of memory is not taken for damage', async () => {
  const { core, root, state } = await host();
  const before = state();
  const bad = onDisk(root, (path) => path.includes('gens/2/'), 'ENOMEM');
  expect(await rollBack(bad, Date.now)).toMatchObject({ result: 'failed', problem: { code: 'host/system' } });
  expect(core()).toBe('three\n');
  expect(state()).toEqual(before);
});

test('nothing is left where all are damaged', async () => {
  const { command, core, root } = await host();
  for (const generation of [1, 2]) rmSync(join(root, `var/lib/khp/gens/${generation}/manifest.json`));
  const ended = await command('rollback');
  expect(ended).toMatchObject({ exit: 1, stderr: expect.stringContaining('rollback/nothing-kept') });
  expect(core()).toBe('three\n');
});

test('a file edited by hand is saved where the rollback writes it', async () => {
  const { command, core, root } = await host();
  writeFileSync(join(root, CORE), 'by hand\n');
  symlinkSync('nowhere', join(root, 'etc/hadoop/conf/stranger'));
  expect(await command('rollback')).toMatchObject({ exit: 0 });
  expect(core()).toBe('two\n');
  expect(readFileSync(`${join(root, CORE)}.khp-saved-2`, 'utf8')).toBe('by hand\n');
});
