import { join } from 'node:path';
import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { makeFolders, type RootedDisk } from '../apply/folders.ts';
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
import { isAtGate } from './start-gate.ts';
import { supervisordProgram } from './supervisord-program.ts';
import { callSupervisord, type SupervisordSocket } from './supervisord-rpc.ts';
import type { XmlRpcAnswer } from './xml-rpc.ts';

/** Where a supervisord is, and how its services are to run. All paths are absolute, below the root. */
export interface SupervisordOptions {
  readonly rooted: RootedDisk;
  readonly socket: string;
  /** What the socket asks for. */
  readonly login?: SupervisordSocket['login'];
  /** The folder that its configuration includes `*.conf` of. */
  readonly programs: string;
  /** The folder of what services print. */
  readonly logs: string;
  /** The account of a service's user; undefined where services run as the user of supervisord. */
  readonly accountOf: (user: string) => ServiceAccount | undefined;
}

// See supervisord.org/api.html and supervisor/xmlrpc.py.
const BAD_NAME = 10;
const ALREADY_STARTED = 60;
const NOT_RUNNING = 70;

/** By supervisord's number of a process's state. */
const ACTIVITIES = new Map<number, Activity>([
  [0, 'stopped'],
  [10, 'starting'],
  [20, 'running'],
  // Ended too soon, and is about to be started again.
  [30, 'starting'],
  [40, 'stopping'],
  [200, 'failed'],
]);
const EXITED = 100;

const WAITS = 'it waits until an apply is finished';

/**
 * Services under supervisord. A program file is one group of one process, which is made known by addProcessGroup, and
 * forgotten by removeProcessGroup, while it is stopped; `update`, which restarts whatever differs from its file, is never
 * asked for. A file differs from what supervisord holds in memory only between these two steps.
 */
export function supervisord(options: SupervisordOptions): ServiceManager {
  const { rooted } = options;
  const socket = { path: join(rooted.root, options.socket), login: options.login };
  const folder = new ServiceFolder(rooted, options.programs, (role) => `${programName(role)}.conf`);
  const ask = (method: string, ...parameters: (string | boolean)[]) =>
    callSupervisord(socket, method, parameters);

  /** What it says of its processes, by the name of the program. */
  async function processes(): Promise<ReadonlyMap<string, ProcessInfo>> {
    const infos = resultOf(await ask('getAllProcessInfo'), 'getAllProcessInfo') as unknown as ProcessInfo[];
    return new Map(infos.map((info) => [info.group, info]));
  }

  return {
    async look() {
      const files = folder.marks();
      const before = await processes();
      const supervisor = Number(resultOf(await ask('getPID'), 'getPID'));
      const looked = new Map(
        [...files.keys()].map((role) => [role, childOf(supervisor, before.get(programName(role)))]),
      );
      // A process is the service's where it is still so called after it was looked at.
      const after = await processes();
      return new Map(
        [...files].map(([role, mark]): [string, SeenService] => {
          const info = after.get(programName(role));
          const running = looked.get(role);
          const isOurs = running !== undefined && running.pid === info?.pid;
          // What has not come further than to the gate has read nothing yet.
          if (isOurs && running.definition === undefined && isAtGate(running.pid))
            return [role, { ...mark, activity: 'starting', process: undefined, detail: WAITS }];
          const activity = activityOf(info);
          return [role, { ...mark, activity, process: isOurs ? running : undefined, detail: detailOf(info) }];
        }),
      );
    },

    async start(service: ServiceEntry) {
      const name = programName(service.role);
      const program = {
        account: options.accountOf(service.user),
        logs: join(rooted.root, options.logs),
        journal: join(rooted.root, JOURNAL_PATH),
      };
      const text = supervisordProgram(service, program);
      const isKnown = (await processes()).has(name);
      if (isKnown && folder.has(service.role, text)) {
        resultOf(await ask('startProcess', name, false), `start ${name}`, [ALREADY_STARTED]);
        return;
      }
      if (isKnown && !folder.marks().has(service.role)) {
        const message = `supervisord has a ${name} that is not khp's; remove it, or rename the role`;
        throw new ServiceProblem('services/not-ours', message);
      }
      if (isKnown) resultOf(await ask('removeProcessGroup', name), `forget the stopped ${name}`);
      makeFolders(rooted, options.logs, 0o755);
      folder.write(service.role, text);
      resultOf(await ask('reloadConfig'), 'read its configuration again');
      // It starts by itself then, since autostart=true.
      resultOf(await ask('addProcessGroup', name), `take up ${name}`);
    },

    async stop(role: string) {
      const name = programName(role);
      resultOf(await ask('stopProcess', name, false), `stop ${name}`, [NOT_RUNNING, BAD_NAME]);
    },

    outputOf: (role: string) => `${options.logs}/${programName(role)}.log`,

    async remove(role: string) {
      const name = programName(role);
      resultOf(await ask('removeProcessGroup', name), `forget the stopped ${name}`, [BAD_NAME]);
      folder.remove(role);
    },
  };
}

/** What is used of getAllProcessInfo's structs. */
interface ProcessInfo {
  readonly group: string;
  readonly pid: number;
  readonly state: number;
  readonly exitstatus: number;
  readonly spawnerr: string;
  readonly description: string;
}

function activityOf(info: ProcessInfo | undefined): Activity {
  if (!info) return 'stopped';
  if (info.state === EXITED) return info.exitstatus === 0 ? 'stopped' : 'failed';
  return ACTIVITIES.get(info.state) ?? 'unknown';
}

function detailOf(info: ProcessInfo | undefined): string {
  if (!info) return 'supervisord does not know it';
  return (info.spawnerr || info.description).replace(/\s+/g, ' ').trim();
}

/** The process of a service, where it is a child of supervisord. */
function childOf(supervisor: number, info: ProcessInfo | undefined): SeenProcess | undefined {
  if (!info || info.pid === 0) return undefined;
  const seen = lookAtProcess(info.pid);
  if (seen?.parent !== supervisor) return undefined;
  const { pid, start, definition } = seen;
  return { pid, start, definition };
}

/** The value of an answer. Throws ServiceProblem for a fault that is not expected. */
function resultOf(answer: XmlRpcAnswer, what: string, expected: readonly number[] = []): unknown {
  if (answer.ok) return answer.value;
  if (expected.includes(answer.code)) return undefined;
  const message = answer.message.replace(/\s+/g, ' ');
  throw new ServiceProblem('services/supervisord', `supervisord could not ${what}: ${message}`);
}
