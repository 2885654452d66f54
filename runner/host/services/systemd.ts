import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RootedDisk } from '../apply/folders.ts';
import { JOURNAL_PATH } from '../config/layout.ts';
import { lookAtProcess } from './processes.ts';
import type { ServiceAccount } from './service-account.ts';
import { ServiceFolder } from './service-folder.ts';
import {
  type Activity,
  programName,
  type SeenProcess,
  type SeenService,
  type ServiceManager,
  ServiceProblem,
} from './service-manager.ts';
import { systemdUnit } from './systemd-unit.ts';

/** How a call of systemctl ended. */
export interface SystemctlResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where systemd reads units, and how it is asked. */
export interface SystemdOptions {
  readonly rooted: RootedDisk;
  /** The folder of unit files: absolute, below the root. */
  readonly units: string;
  readonly accountOf: (user: string) => ServiceAccount | undefined;
  readonly systemctl?: (args: readonly string[]) => Promise<SystemctlResult>;
  /** Whether a process is in a unit's control group. */
  readonly isIn?: (pid: number, unit: string) => boolean;
}

const PROPERTIES = ['Id', 'ActiveState', 'SubState', 'MainPID', 'Result'];

/** Services under systemd: a unit each, written and read again only while it is stopped, enabled when it is started. */
export function systemd(options: SystemdOptions): ServiceManager {
  const { rooted, systemctl = runSystemctl, isIn = isInUnit } = options;
  const folder = new ServiceFolder(rooted, options.units, unitName);
  const run = async (...args: string[]): Promise<string> => {
    const { exit, stdout, stderr } = await systemctl(['--no-ask-password', ...args]);
    if (exit === 0) return stdout;
    const why = stderr.replace(/\s+/g, ' ').trim() || `exit code ${exit}`;
    throw new ServiceProblem('services/systemd', `systemctl ${args.join(' ')}: ${why}`);
  };

  /** What systemd says of units, by their names. */
  async function show(roles: readonly string[]): Promise<ReadonlyMap<string, UnitState>> {
    if (roles.length === 0) return new Map();
    const text = await run('show', `--property=${PROPERTIES.join(',')}`, ...roles.map(unitName));
    const states = text.split('\n\n').map(parseProperties);
    return new Map(states.map((state) => [state.Id ?? '', state]));
  }

  return {
    async look() {
      const files = folder.marks();
      const roles = [...files.keys()];
      const before = await show(roles);
      const looked = new Map(
        roles.map((role) => [role, mainProcess(before.get(unitName(role)), unitName(role), isIn)]),
      );
      const after = await show(roles);
      return new Map(
        [...files].map(([role, mark]): [string, SeenService] => {
          const state = after.get(unitName(role));
          const running = looked.get(role);
          const isOurs = running !== undefined && String(running.pid) === state?.MainPID;
          const detail = state
            ? `${state.ActiveState} (${state.SubState}), ${state.Result}`
            : 'unknown to systemd';
          return [
            role,
            { ...mark, activity: activityOf(state), process: isOurs ? running : undefined, detail },
          ];
        }),
      );
    },

    async start(service) {
      const unit = unitName(service.role);
      const text = systemdUnit(service, {
        account: options.accountOf(service.user),
        journal: join(rooted.root, JOURNAL_PATH),
      });
      if (!folder.has(service.role, text)) folder.write(service.role, text);
      // Even where the file is as it should be: a run may have been killed before this.
      await run('daemon-reload');
      await run('enable', unit);
      // Too many failed starts before don't count against this one.
      await systemctl(['--no-ask-password', 'reset-failed', unit]);
      await run('start', '--no-block', unit);
    },

    async stop(role) {
      await run('stop', '--no-block', unitName(role));
    },

    outputOf: (role) => `journalctl -u ${unitName(role)}`,

    async remove(role) {
      await run('disable', unitName(role));
      folder.remove(role);
      await run('daemon-reload');
    },
  };
}

function unitName(role: string): string {
  return `${programName(role)}.service`;
}

type UnitState = Readonly<Record<string, string | undefined>>;

function parseProperties(block: string): UnitState {
  const lines = block.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function activityOf(state: UnitState | undefined): Activity {
  switch (state?.ActiveState) {
    case 'active':
    case 'reloading':
      return 'running';
    case 'activating':
      return 'starting';
    case 'deactivating':
      return 'stopping';
    case 'inactive':
      return 'stopped';
    case 'failed':
      return 'failed';
    default:
      return 'unknown';
  }
}

function mainProcess(
  state: UnitState | undefined,
  unit: string,
  isIn: (pid: number, unit: string) => boolean,
): SeenProcess | undefined {
  const main = Number(state?.MainPID ?? 0);
  const seen = main > 0 && isIn(main, unit) ? lookAtProcess(main) : undefined;
  return seen && { pid: seen.pid, start: seen.start, definition: seen.definition };
}

/** See proc(5), cgroup: the unit is the name of a folder in the path. */
function isInUnit(pid: number, unit: string): boolean {
  try {
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
    return groups.some((line) => line.split('/').includes(unit));
  } catch {
    return false;
  }
}

function runSystemctl(args: readonly string[]): Promise<SystemctlResult> {
  return new Promise((resolve) => {
    execFile('systemctl', args, { encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) => {
      const exit = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ exit, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}
