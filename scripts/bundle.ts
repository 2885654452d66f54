/**
 * Part of `npm run setup`: `.khp/bundle/`, all modules of khp in a few files, which start in half the time. `khp.js` takes
 * them only while every file that they were made of is as it was, and else the sources. Does nothing where they are fresh.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { codeDigest } from '../compiler/cli/compiler-digest.ts';

const root = dirname(import.meta.dirname);
const folder = join(root, '.khp', 'bundle');
const current = join(folder, 'current.json');

/** What `current.json` holds. */
interface Bundle {
  /** The folder that everything was in when it was made. */
  readonly made: string;
  /** The folder beside it that the files are in. */
  readonly folder: string;
  /** Files by their path from the root, and their state as `khp.js` compares it. */
  readonly inputs: readonly (readonly [path: string, state: string])[];
  /** Commands that have a file of their own name, with all that they need; and where in `inputs` is what these are made of. */
  readonly alone: { readonly commands: readonly string[]; readonly inputs: readonly number[] };
}

/** A change shows in the state from one tick of the file system's clock to the next; in ms, and widely more. */
const TICK = 1000;
const TRIES = 5;

/** The state of a file: where this is the same, so is its content. Programs cannot set the time of the last change. */
function stateOf(path: string): string {
  const { size, mtimeMs, ctimeMs, ino } = statSync(join(root, path));
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

/** The bundle that there is; undefined where there is none that can be read. */
function currentBundle(): Bundle | undefined {
  try {
    return JSON.parse(readFileSync(current, 'utf8')) as Bundle;
  } catch {
    return undefined;
  }
}

function isFresh({ made, inputs }: Bundle): boolean {
  try {
    return made === root && inputs.every(([path, state]) => stateOf(path) === state);
  } catch {
    return false;
  }
}

/** What is started: the command, and the threads that it shares its work with. */
const ENTRIES = ['compiler/cli/khp.ts', 'compiler/compile-worker.ts'];

/** Commands that are so short that the number of files which they are in counts. */
const ALONE = ['inventory'];

/** A program with one command. */
const commandAlone: Plugin = {
  name: 'command alone',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^alone:/ }, ({ path }) => ({
      path: path.slice('alone:'.length),
      namespace: 'alone',
    }));
    onLoad({ filter: /./, namespace: 'alone' }, ({ path: name }) => {
      const add = `add${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const contents = `
        import { ${add} } from './${name}.ts';
        import { runProgram } from './run-program.ts';
        await runProgram([${add}]);`;
      return { contents, resolveDir: join(root, 'compiler', 'cli') };
    });
  },
};

/** Modules that look for files beside them find them beside their source; threads are started from the bundle too. */
const sourceFolders: Plugin = {
  name: 'source folders',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta')) return undefined;
      const contents = text
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replace(/new URL\('([^']*)', import\.meta\.url\)/g, (whole, file: string) => {
          const entry = relative(root, resolve(dirname(path), file)).replaceAll('\\', '/');
          return ENTRIES.includes(entry)
            ? `new URL('./${basename(file, '.ts')}.js', import.meta.url)`
            : whole;
        });
      const left = /import\.meta(?!\.resolve\b|\.url\))[\w.]*|new URL\('[^']*\.ts', import/.exec(contents);
      if (left) throw new Error(`${path}: a bundle does not know what ${left[0]} is`);
      return { contents, loader: 'ts' };
    });
  },
};

const NODE = 'node';

/** What is loaded when Node has started. */
const STARTED = ['events', 'fs', 'path', 'process', 'url', 'util'];

/**
 * A module of Node is loaded when something of it is used. To import it is to ask for all that it exports, which loads
 * webcrypto, the network and streams that nobody reads.
 */
const lazyModulesOfNode: Plugin = {
  name: 'lazy modules of Node',
  setup({ onResolve, onLoad }) {
    const require = createRequire(import.meta.url);
    onResolve({ filter: /^[a-z_:/]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path) || kind !== 'import-statement') return undefined;
      return { path: path.replace(/^node:/, ''), namespace: NODE };
    });
    onLoad({ filter: /./, namespace: NODE }, ({ path }) => {
      const name = JSON.stringify(`node:${path}`);
      const loaded = require(`node:${path}`) as object;
      if (STARTED.includes(path)) {
        const names = Object.keys(loaded).filter((one) => /^[A-Za-z_]\w*$/.test(one) && one !== 'default');
        return {
          contents: `
            const loaded = process.getBuiltinModule(${name});
            const get = (name) => loaded[name];
            export default loaded;
            ${names.map((one) => `export const ${one} = /* @__PURE__ */ get('${one}');`).join('\n')}`,
        };
      }
      // Its properties are set, too, or it is called as a whole.
      if (path === 'process' || typeof loaded === 'function')
        return { contents: `module.exports = require(${name});` };
      return {
        contents: `
          let loaded;
          for (const name of ${JSON.stringify(Object.keys(loaded))}) {
            const get = () => (loaded ??= require(${name}))[name];
            Object.defineProperty(exports, name, { enumerable: true, get });
          }`,
      };
    });
  },
};

/** @returns the bundle, or undefined where one of its files changed while it was made. */
async function makeBundle(): Promise<Bundle | undefined> {
  const start = Date.now();
  const name = `${start.toString(36)}-${process.pid}`;
  const options: BuildOptions & { metafile: true } = {
    outdir: join(folder, name),
    absWorkingDir: root,
    bundle: true,
    treeShaking: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // A file of half the size is read and looked over in less time; names stay, for traces of errors.
    minifyWhitespace: true,
    minifySyntax: true,
    define: { KHP_CODE_DIGEST: JSON.stringify(codeDigest()) },
    // It runs in a process of its own.
    external: ['astro', 'astro/*'],
    plugins: [commandAlone, sourceFolders, lazyModulesOfNode],
    // Packages in CommonJS require modules of Node.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  };
  const entryPoints = ENTRIES.map((path) => join(root, path));
  const all = await build({ ...options, entryPoints, entryNames: '[name]', splitting: true });
  const alone = await build({
    ...options,
    entryPoints: ALONE.map((command) => ({ in: `alone:${command}`, out: command })),
  });
  // What else decides what is made.
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle.ts'];
  const pathsOf = (inputs: object): string[] =>
    Object.keys(inputs).filter((path) => !path.startsWith(`${NODE}:`) && !path.startsWith('alone:'));
  const paths = [
    ...new Set([...pathsOf(all.metafile.inputs), ...pathsOf(alone.metafile.inputs), ...settings]),
  ].sort();
  const inputs = paths.map((path) => [path, stateOf(path)] as const);
  const ofAlone = pathsOf(alone.metafile.inputs);
  // That one is a digest of all files.
  const isOfAll = ofAlone.includes('compiler/cli/compiler-digest.ts');
  const used = isOfAll ? paths : [...new Set([...ofAlone, ...settings])];
  const indexes = used.map((path) => paths.indexOf(path));
  const isSettled = paths.every((path) => statSync(join(root, path)).ctimeMs < start - TICK);
  return isSettled
    ? { made: root, folder: name, inputs, alone: { commands: ALONE, inputs: indexes } }
    : undefined;
}

/** Removes what no process can be about to load: all but the current bundle and the one before it. */
function removeOld(kept: readonly (string | undefined)[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !kept.includes(entry.name))
      rmSync(join(folder, entry.name), { recursive: true, force: true });
  }
}

/**
 * Node keeps compiled what the first run of a file called: a run that does nearly everything helps the later ones most. It
 * keeps, too, what was called often; of a run over a large fleet this makes later ones slower, by 20 ms of 360.
 */
function warmUp(): void {
  const command = [join(root, 'compiler', 'cli', 'khp.js'), '-C', root];
  for (const args of [
    ['check', '--no-cache', '--workers', '1'],
    ['inventory', '--list'],
  ])
    spawnSync(process.execPath, [...command, ...args], { stdio: 'ignore' });
}

const before = currentBundle();
if (!before || !isFresh(before)) {
  mkdirSync(folder, { recursive: true });
  let made: Bundle | undefined;
  for (let tries = 0; !made && tries < TRIES; tries++) {
    if (tries > 0) await setTimeout(2 * TICK);
    made = await makeBundle();
  }
  if (made) {
    const temporary = resolve(folder, `${made.folder}.json`);
    writeFileSync(temporary, JSON.stringify(made));
    renameSync(temporary, current);
    removeOld([made.folder, before?.folder]);
    warmUp();
  }
}
