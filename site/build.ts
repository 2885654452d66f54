import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../compiler/contract/canonical-json.ts';
import type { Diagnostic } from '../compiler/contract/diagnostic.ts';
import type { State } from '../compiler/contract/state.ts';
import { createDataFolder, DATA_VARIABLE, writeFleet, writeHost } from './data.ts';
import type { Fleet } from './fleet.ts';
import { createProblems } from './read/problems.ts';
import { readFleet } from './read-fleet.ts';

/** What to build, and where to. */
export interface SiteInput {
  /** The config repository: a path or a url. */
  readonly config: string;
  /** The path of the workspace's repository; releases are read from the commit that the bundles name. */
  readonly workspace: string;
  /** An empty or missing folder, or the output of an earlier build, which is replaced. */
  readonly outDir: string;
  /** Seconds since the epoch: the time for which states and ages are told. */
  readonly now: number;
  /** Hears of each step as it begins. */
  readonly onStep?: (step: 'read' | 'render' | 'place') => void;
}

/** What was built. With an error among the diagnostics, nothing was: pages is 0, and the output is left as it was. */
export interface SiteResult {
  readonly pages: number;
  readonly clusters: number;
  /** How many hosts are in each state that there are hosts in. */
  readonly hosts: Partial<Record<State, number>>;
  /** Codes `site/…`; what could not be read stands on the first page too. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Names what a build wrote, so that the next one removes that and nothing else. */
const MARKER = 'khp-site.json';
const WORK = '.khp-building';

/**
 * Builds the portal: reads the fleet from git, renders every page, and puts them into the output in place of those of
 * the last build. The same refs and `now` give the same bytes. Throws where rendering fails, which is a bug.
 */
export async function buildSite(input: SiteInput): Promise<SiteResult> {
  const outDir = resolve(input.outDir);
  const isForeign = await holdsForeignFiles(outDir);
  if (isForeign) return failure(outDir);
  const work = join(outDir, WORK);
  await rm(work, { recursive: true, force: true });
  try {
    const data = join(work, 'data');
    createDataFolder(data);
    input.onStep?.('read');
    const fleet = await readFleet({ ...input, scratch: work }, (host, detail) =>
      writeHost(data, host, detail),
    );
    if (fleet.problems.some(({ severity }) => severity === 'error')) {
      return { pages: 0, clusters: 0, hosts: {}, diagnostics: fleet.problems };
    }
    writeFleet(data, fleet);
    input.onStep?.('render');
    const pages = await render(work, data);
    input.onStep?.('place');
    await place(join(work, 'site'), outDir);
    return { pages, clusters: fleet.clusters.length, hosts: countHosts(fleet), diagnostics: fleet.problems };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function failure(outDir: string): SiteResult {
  const problems = createProblems();
  problems.add('site/foreign-output', { detail: outDir });
  return { pages: 0, clusters: 0, hosts: {}, diagnostics: problems.list() };
}

async function holdsForeignFiles(outDir: string): Promise<boolean> {
  if (!existsSync(outDir)) return false;
  const names = (await readdir(outDir)).filter((name) => name !== WORK);
  return names.length > 0 && !names.includes(MARKER);
}

/** Renders into `<work>/site`, and gives the number of pages. */
async function render(work: string, data: string): Promise<number> {
  const root = join(work, 'root');
  const site = join(work, 'site');
  await mkdir(root);
  // Astro and what it renders with look for packages from their own folders upward.
  const packages = dirname(dirname(fileURLToPath(import.meta.resolve('astro/package.json'))));
  await symlink(packages, join(work, 'node_modules'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-astro.ts'), root, site], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: work,
      TZ: 'UTC',
      LC_ALL: 'C',
      NODE_ENV: 'production',
      ASTRO_TELEMETRY_DISABLED: '1',
      [DATA_VARIABLE]: data,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-65_536);
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0)
    throw new Error(`the pages could not be rendered (${signal ?? `exit code ${code}`})\n${output}`);
  return (await readdir(site, { recursive: true })).filter((name) => name.endsWith('index.html')).length;
}

/** Moves what was rendered into the output, in place of what the last build wrote. */
async function place(site: string, outDir: string): Promise<void> {
  for (const name of await readEntries(outDir))
    await rm(join(outDir, name), { recursive: true, force: true });
  const entries = (await readdir(site)).sort();
  await writeFile(join(outDir, MARKER), canonicalJson({ schema: 'khp.site/1', entries }));
  for (const name of entries) await rename(join(site, name), join(outDir, name));
}

async function readEntries(outDir: string): Promise<string[]> {
  try {
    const { entries } = JSON.parse(await readFile(join(outDir, MARKER), 'utf8')) as { entries: unknown };
    const isName = (name: unknown): name is string => typeof name === 'string' && /^[\w-][\w.-]*$/.test(name);
    return Array.isArray(entries) ? entries.filter(isName) : [];
  } catch {
    return [];
  }
}

function countHosts({ clusters }: Fleet): SiteResult['hosts'] {
  const counts: Partial<Record<State, number>> = {};
  for (const { state } of clusters.flatMap(({ hosts }) => hosts)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
