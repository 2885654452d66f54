/**
 * `npm run bench:fleet`: compiles of a generated fleet, against what git alone needs to store the result, side by side in
 * one run. `--hosts N` (9800; the clusters are a seventieth of them), `--clusters N`, `--seed S`, `--rounds N`,
 * `--without-ansible`, `--json`. Exit code 1 where a figure is not reached; below 9,800 hosts they are told, and
 * nothing is asked of them.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figures, GOALS, missed, printFigures } from './figures.ts';
import { type FleetWorkspace, fleetWorkspace } from './fleet-workspace.ts';
import { type ImportStream, importStream, measureFloor } from './floor.ts';
import { type MeasuredRun, measuredRun } from './measured-run.ts';
import { templateWithAnsible } from './template-with-ansible.ts';

const root = dirname(dirname(import.meta.dirname));
const area = join(root, '.khp', 'bench-fleet');
const khp = join(root, 'compiler', 'cli', 'khp.js');

interface Options {
  readonly clusters: number;
  readonly hosts: number;
  readonly seed: number;
  readonly rounds: number;
  readonly withoutAnsible: boolean;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}

function run({ folder }: FleetWorkspace, ...args: string[]): Promise<MeasuredRun> {
  return measuredRun([process.execPath, khp, '-C', folder, ...args], { cwd: area });
}

/** As if nothing had been compiled: no bundles, no cache. */
function forget({ folder }: FleetWorkspace): void {
  execFileSync('git', ['update-ref', '-d', 'refs/heads/bundles'], { cwd: folder });
  execFileSync('git', ['update-ref', '-d', 'refs/heads/audit'], { cwd: folder });
  rmSync(join(folder, '.git', 'khp'), { recursive: true, force: true });
  execFileSync('git', ['prune', '--expire=now'], { cwd: folder });
  execFileSync('git', ['repack', '-adq'], { cwd: folder });
}

interface Edit {
  readonly compiled: MeasuredRun;
  readonly floor: MeasuredRun;
  readonly stream: ImportStream;
}

/** Names what was compiled before an edit, so that it can be fetched. */
const BEFORE = 'refs/bench/before';

/** An edit is committed and compiled; beside it, what it makes new goes to git. */
async function measureEdit(workspace: FleetWorkspace, edit: () => void): Promise<Edit> {
  const { folder } = workspace;
  edit();
  workspace.commit('edited');
  const compiled = await run(workspace, 'compile');
  const before = execFileSync('git', ['rev-parse', 'bundles~1'], { cwd: folder, encoding: 'utf8' }).trim();
  execFileSync('git', ['update-ref', BEFORE, before], { cwd: folder });
  const stream = importStream(folder, 'bundles', before);
  const from = { repository: folder, ref: BEFORE };
  const floor = await measureFloor(stream, { folder: join(area, 'floor'), from });
  return { compiled, floor, stream };
}

async function bench(options: Options): Promise<Figures> {
  const { rounds } = options;
  const workspace = fleetWorkspace(options, join(area, 'workspace'), root);
  const small = fleetWorkspace(
    { ...options, hosts: options.hosts / 10, clusters: Math.ceil(options.clusters / 10) },
    join(area, 'small'),
    root,
  );
  const [cold, smallCold, floors, checks]: MeasuredRun[][] = [[], [], [], []] as MeasuredRun[][];
  let stream: ImportStream | undefined;
  for (let round = 0; round < rounds; round++) {
    forget(small);
    smallCold!.push(await run(small, 'compile'));
    forget(workspace);
    cold!.push(await run(workspace, 'compile'));
    stream ??= importStream(workspace.folder, 'bundles');
    floors!.push(await measureFloor(stream, { folder: join(area, 'floor') }));
    rmSync(join(workspace.folder, '.git', 'khp'), { recursive: true });
    checks!.push(await run(workspace, 'check'));
    await run(workspace, 'compile');
  }
  const whole = { blobs: stream!.blobs, bytes: stream!.bytes };
  stream = undefined;
  const noop: MeasuredRun[] = [];
  const oneHost: MeasuredRun[] = [];
  for (let round = 0; round < 3; round++) {
    noop.push(await run(workspace, 'compile'));
    workspace.editHost(round * 331);
    workspace.commit('one host');
    oneHost.push(await run(workspace, 'compile'));
  }
  const byDefault = await measureEdit(workspace, () => workspace.editDefault());
  const byTemplate = await measureEdit(workspace, () => workspace.editTemplate());
  const ms = (runs: readonly MeasuredRun[]) => median(runs.map((one) => one.ms));
  const floorMs = ms(floors!);
  const all = [...cold!, ...oneHost, byDefault.compiled, byTemplate.compiled];
  return {
    ...options,
    files: Number(
      (JSON.parse((await run(workspace, 'compile', '--json')).stdout) as { files: number }).files,
    ),
    ...whole,
    coldMs: ms(cold!),
    coldCpuMs: median(cold!.map((one) => one.cpuMs)),
    floorMs,
    coldOverFloor: ms(cold!) / floorMs,
    defaultKeyMs: byDefault.compiled.ms,
    defaultKeyFloorMs: byDefault.floor.ms,
    defaultKeyOverFloor: byDefault.compiled.ms / byDefault.floor.ms,
    templateMs: byTemplate.compiled.ms,
    templateFloorMs: byTemplate.floor.ms,
    templateOverFloor: byTemplate.compiled.ms / byTemplate.floor.ms,
    oneHostMs: ms(oneHost),
    noopMs: ms(noop),
    checkMs: ms(checks!),
    checkOverCold: ms(checks!) / ms(cold!),
    peakMiB: Math.max(...all.map((one) => one.peakMiB)),
    growth: ms(cold!) / ms(smallCold!),
    ansible: options.withoutAnsible
      ? undefined
      : await templateWithAnsible(root, join(area, 'ansible'), options),
  };
}

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '9800' },
    clusters: { type: 'string' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '1' },
    'without-ansible': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const hosts = Number(values.hosts);
const figures = await bench({
  hosts,
  clusters: Number(values.clusters ?? Math.ceil(hosts / 70)),
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  withoutAnsible: values['without-ansible'],
});
if (values.json) console.log(JSON.stringify({ ...figures, goals: GOALS }, null, 2));
else printFigures(figures);
process.exitCode = hosts >= 9800 && missed(figures).length > 0 ? 1 : 0;
