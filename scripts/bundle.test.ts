import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findNode20 } from './programs.ts';

const root = dirname(import.meta.dirname);
const clone = mkdtempSync(join(tmpdir(), 'khp-bundle-'));
const source = join(clone, 'compiler', 'compiler-version.ts');
const bundles = join(clone, '.khp', 'bundle');

function run(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, script), ...args], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim();
}

const version = () => run('compiler/cli/khp.js', '--version');

function replaceIn(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replaceAll(from, to));
}

function bundledFolder(): string {
  return join(bundles, JSON.parse(readFileSync(join(bundles, 'current.json'), 'utf8')).folder);
}

/** Changes the version that the bundle prints, so that its output is told from that of the sources. */
function markBundle(mark: string): void {
  const files = readdirSync(bundledFolder()).map((name) => join(bundledFolder(), name));
  for (const file of files.filter((path) => path.endsWith('.js'))) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(COMPILER_VERSION\s*=\s*)"[^"]*"/, `$1"${mark}"`));
  }
}

const node20 = findNode20(root);

/** What the first ones of Node 20 have not. */
const WITHOUT_BUILTINS = ['--import', 'data:text/javascript,delete process.getBuiltinModule'];

test.skipIf(!node20).each([[[]], [WITHOUT_BUILTINS]])(
  'a Node that cannot run khp is told so, with %j (skipped where there is no Node 20)',
  (options) => {
    const script = join(root, 'compiler', 'cli', 'khp.js');
    const { status, stdout, stderr } = spawnSync(node20!, [...options, script, 'check'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^khp: Node v20\.\S+ cannot run khp; `npx khp` takes the one that .*\n$/);
  },
);

let own: string;

beforeAll(() => {
  for (const part of [
    'compiler',
    'runner',
    'site',
    'scripts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ])
    cpSync(join(root, part), join(clone, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  own = version();
  run('scripts/bundle.ts');
}, 60_000);

afterAll(() => rmSync(clone, { recursive: true, force: true }));

test('khp runs from the bundle, and from source as soon as one file is another one', () => {
  expect(version()).toBe(own);
  markBundle('bundled');
  expect(version()).toBe('bundled');
  // Threads are started from the bundle too,.
  expect(run('compiler/cli/khp.js', '-C', root, 'check', '--workers', '2', '--no-cache')).toContain(
    'no problem',
  );
  // A command that has a file of its own.
  expect(run('compiler/cli/khp.js', 'inventory', '--version')).toBe('bundled');
  expect(run('compiler/cli/khp.js', '-C', root, 'inventory', '--graph')).toContain('@all:');
  replaceIn(source, own, own.replace(/./, '9'));
  expect(version()).toBe(own.replace(/./, '9'));
  // Neither the content of before nor its time makes the bundle fresh: the file has been written since.
  replaceIn(source, own.replace(/./, '9'), own);
  utimesSync(source, new Date(0), new Date(0));
  expect(version()).toBe(own);
}, 60_000);

test('the bundle and the sources are one compiler to what is known from before', () => {
  const module = JSON.stringify(join(clone, 'compiler/cli/compiler-digest.ts'));
  const script = `import { codeDigest } from ${module}; console.log(codeDigest());`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout.trim()).toMatch(/^[0-9a-f]{64}$/);
  run('scripts/bundle.ts');
  const files = readdirSync(bundledFolder()).filter((name) => name.endsWith('.js'));
  const texts = files.map((name) => readFileSync(join(bundledFolder(), name), 'utf8'));
  expect(texts.filter((text) => text.includes(`"${stdout.trim()}"`)).length).toBeGreaterThan(0);
}, 60_000);

test('a bundle is made again once a file is another one, and not before', () => {
  run('scripts/bundle.ts');
  const made = bundledFolder();
  markBundle('bundled again');
  expect(version()).toBe('bundled again');
  run('scripts/bundle.ts');
  expect(bundledFolder()).toBe(made);
  const writeAnew = (path: string) => writeFileSync(join(clone, path), readFileSync(join(clone, path)));
  writeAnew('compiler/cli/retire.ts');
  expect(version()).toBe(own);
  // A command that has a file of its own is not made of that one, but of this one.
  const inventory = () => run('compiler/cli/khp.js', 'inventory', '--version');
  expect(inventory()).toBe('bundled again');
  writeAnew('compiler/1-load/by-name.ts');
  expect(inventory()).toBe(own);
  run('scripts/bundle.ts');
  expect(bundledFolder()).not.toBe(made);
  expect(version()).toBe(own);
}, 60_000);

test('what is moved as it is runs from source, for a bundle knows where it was made', () => {
  run('scripts/bundle.ts');
  markBundle('bundled here');
  expect(version()).toBe('bundled here');
  const elsewhere = `${clone}-moved`;
  renameSync(clone, elsewhere);
  try {
    const { stdout } = spawnSync(process.execPath, [join(elsewhere, 'compiler/cli/khp.js'), '--version'], {
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(own);
  } finally {
    renameSync(elsewhere, clone);
  }
}, 60_000);

test('a file that is gone, or a list that cannot be read, is no reason to fail', () => {
  writeFileSync(join(bundles, 'current.json'), '{"folder":"gone","inputs":[["no/such/file","0 0 0 0"]]}');
  expect(version()).toBe(own);
  writeFileSync(join(bundles, 'current.json'), 'no JSON');
  expect(version()).toBe(own);
  run('scripts/bundle.ts');
  markBundle('bundled at last');
  expect(version()).toBe('bundled at last');
}, 60_000);
