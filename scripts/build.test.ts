import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleFleet } from '../runner/host/sample-fleet.ts';
import { RUNNER_VERSION } from '../runner/host/version.ts';
import { findNode20 } from './programs.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';

/** The package.json of a project all of whose `.js` are modules. */
const MODULES = '{ "type": "module" }';

const built = join(import.meta.dirname, 'build.ts');
const node20 = findNode20(dirname(import.meta.dirname));

test.skipIf(!node20)(
  'the built file runs on Node 20, the executable on none (skipped where there is none)',
  async () => {
    const fleet = await sampleFleet();
    const folder = join(fleet.root, '..', 'dist');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), MODULES);
    expect(spawnSync(process.execPath, [built, folder], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(MODULES);
    const alone = join(folder, 'alone', 'khp-runner.cjs');
    mkdirSync(dirname(alone));
    renameSync(join(folder, 'khp-runner.cjs'), alone);
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    expect(await fleet.runner(['apply'], [node20!, alone])).toMatchObject({ exit: 0, stderr: '' });
    expect(await fleet.runner(['apply'], [node20!, alone])).toMatchObject({
      exit: 0,
      stdout: 'dn1.example: unchanged (generation 1, seq 1, release 1.1.6-hadoop2)\n',
    });
    expect(await fleet.report()).toMatchObject({ result: 'applied', active: { seq: 1 } });
    await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });
    const executable = join(folder, 'khp-runner');
    expect(await fleet.runner(['apply'], [executable])).toMatchObject({ exit: 0, stderr: '' });
    expect(await fleet.report()).toMatchObject({ result: 'applied', active: { seq: 2 } });
    expect(readFileSync(join(folder, 'khp-runner.service'), 'utf8')).toContain('khp-runner run');
    expect(readFileSync(join(folder, 'khp-runner.conf'), 'utf8')).toContain('khp-runner run');
  },
);

test('the version is that of package.json', () => {
  const path = join(import.meta.dirname, '..', 'package.json');
  expect(JSON.parse(readFileSync(path, 'utf8')).version).toBe(RUNNER_VERSION);
});
