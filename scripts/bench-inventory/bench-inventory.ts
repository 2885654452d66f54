/**
 * `npm run bench:inventory`: `khp inventory --list` of a generated workspace against `ansible-inventory --list` of an
 * equal flat inventory: whole processes, taking turns, in one run. The variables of every host are compared first.
 * `--clusters N`, `--hosts N`, `--seed S`, `--rounds N` of ours, `--ansible-rounds N`, `--json`. Exit code 1 where the
 * variables differ or ours takes more than a twentieth of Ansible's time, 2 where Python is missing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { MissingPython, providePython } from '../conformance/setup-python.ts';
import { generateFleet } from '../generate-fleet/generate-fleet.ts';
import { writeAnsibleInventory, writeWorkspace } from '../generate-fleet/write-fleet.ts';

const root = dirname(dirname(import.meta.dirname));
const area = join(root, '.khp', 'bench-inventory');
const GOAL = 1 / 20;

/** What one process took. */
interface Measurement {
  readonly seconds: number;
  readonly cpu: number;
  /** Its peak, in bytes. */
  readonly memory: number;
  readonly status: number;
}

interface Options {
  readonly clusters: number;
  readonly hosts: number;
  readonly seed: number;
  readonly rounds: number;
  readonly ansibleRounds: number;
}

interface Comparison extends Options {
  readonly khp: Measurement;
  readonly ansible: Measurement;
  /** Our share of Ansible's time on the wall, and of processor time. */
  readonly ratio: number;
  readonly cpuRatio: number;
  readonly goal: number;
  /** Hosts whose variables are not equal. */
  readonly different: readonly string[];
}

function measureProcess(python: string, name: string, command: readonly string[]): Measurement {
  const args = [join(import.meta.dirname, 'measure-process.py'), outputOf(name), ...command];
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: '/nonexistent/ansible.cfg',
    ANSIBLE_HOME: join(area, 'ansible-home'),
  };
  const { status, stdout, stderr } = spawnSync(python, args, { cwd: area, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  const measured = JSON.parse(stdout) as Measurement;
  if (measured.status !== 0) throw new Error(`${command.join(' ')} ended with ${measured.status}: ${stderr}`);
  return measured;
}

function outputOf(name: string): string {
  return join(area, `${name}.json`);
}

/** The median of each figure; of the memory, the most. */
function summary(rounds: readonly Measurement[]): Measurement {
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
  return {
    seconds: median(rounds.map(({ seconds }) => seconds)),
    cpu: median(rounds.map(({ cpu }) => cpu)),
    memory: Math.max(...rounds.map(({ memory }) => memory)),
    status: 0,
  };
}

function hostVarsOf(name: string): Record<string, unknown> {
  const list = JSON.parse(readFileSync(outputOf(name), 'utf8')) as {
    _meta: { hostvars: Record<string, unknown> };
  };
  return list._meta.hostvars;
}

function bench(python: string, options: Options): Comparison {
  const fleet = generateFleet(options);
  const workspace = join(area, 'workspace');
  const flat = join(area, 'ansible');
  writeWorkspace(fleet, workspace, root);
  writeAnsibleInventory(fleet, flat);
  const khp = [
    process.execPath,
    join(root, 'compiler', 'cli', 'khp.js'),
    '-C',
    workspace,
    'inventory',
    '--list',
  ];
  const ansible = [join(dirname(python), 'ansible-inventory'), '-i', join(flat, 'hosts'), '--list'];
  const rounds: { khp: Measurement[]; ansible: Measurement[] } = { khp: [], ansible: [] };
  for (let round = 0; round < Math.max(options.rounds, options.ansibleRounds); round++) {
    if (round < options.rounds) rounds.khp.push(measureProcess(python, 'khp', khp));
    if (round < options.ansibleRounds) rounds.ansible.push(measureProcess(python, 'ansible', ansible));
  }
  const [ours, theirs] = [hostVarsOf('khp'), hostVarsOf('ansible')];
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  if (names.length !== options.hosts) throw new Error(`${names.length} hosts instead of ${options.hosts}`);
  const [own, reference] = [summary(rounds.khp), summary(rounds.ansible)];
  return {
    ...options,
    khp: own,
    ansible: reference,
    ratio: own.seconds / reference.seconds,
    cpuRatio: own.cpu / reference.cpu,
    goal: GOAL,
    different: names.filter((name) => !isDeepStrictEqual(ours[name], theirs[name])),
  };
}

function printComparison(comparison: Comparison): void {
  const { clusters, hosts, rounds, ansibleRounds, ratio, cpuRatio, different } = comparison;
  const line = (name: string, { seconds, cpu, memory }: Measurement, times: number) =>
    `${name.padEnd(26)}${seconds.toFixed(2).padStart(9)} s${cpu.toFixed(2).padStart(9)} s cpu${(memory / 2 ** 20).toFixed(0).padStart(7)} MiB  median of ${times}`;
  console.log(`${hosts} hosts in ${clusters} clusters`);
  console.log(line('khp inventory --list', comparison.khp, rounds));
  console.log(line('ansible-inventory --list', comparison.ansible, ansibleRounds));
  console.log(
    `1/${(1 / ratio).toFixed(1)} of Ansible's time, 1/${(1 / cpuRatio).toFixed(1)} of its processor time; the goal is 1/${1 / GOAL}`,
  );
  console.log(
    `${different.length} hosts have other variables${different
      .slice(0, 5)
      .map((host) => `\n  ${host}`)
      .join('')}`,
  );
}

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: '140' },
    hosts: { type: 'string', default: '9800' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    'ansible-rounds': { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
try {
  const comparison = bench(providePython(root), {
    clusters: Number(values.clusters),
    hosts: Number(values.hosts),
    seed: Number(values.seed),
    rounds: Number(values.rounds),
    ansibleRounds: Number(values['ansible-rounds']),
  });
  if (values.json) console.log(JSON.stringify(comparison, null, 2));
  else printComparison(comparison);
  process.exitCode = comparison.different.length > 0 || comparison.ratio > GOAL ? 1 : 0;
} catch (error) {
  if (!(error instanceof MissingPython)) throw error;
  console.error(`khp: ${error.message}`);
  process.exitCode = 2;
}
