import { definitionDigest } from './service-definition.ts';
import type { Activity, SeenService, ServiceManager } from './service-manager.ts';
import { ServiceProblem } from './service-manager.ts';

/** For tests: a service manager of this process, with a clock of its own, that a test looks into and kills. */
export interface SampleManager extends ServiceManager {
  /** `start namenode`, `stop datanode`, `remove kms`, in order. */
  readonly events: string[];
  /** Called before and after each thing that is done. */
  onStep: (step: string) => void;
  /** Roles whose start fails. */
  readonly broken: Set<string>;
  /** Roles that don't end when they are told to. */
  readonly deaf: Set<string>;
  /** Whether nobody answers. */
  away: boolean;
  now(): { boot: string; ticks: number };
  /** Everything that is not stopped starts again, in a later boot. */
  reboot(): void;
  /** A person does it. */
  byHand(role: string, activity: Activity): void;
  /** A process ends, and its manager starts it again from what it holds in memory. */
  crash(role: string): void;
}

const BOOTS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

/** For tests. */
export function sampleManager(): SampleManager {
  const services = new Map<string, SeenService>();
  const loaded = new Map<string, string>();
  let clock = 100;
  let boots = 0;
  const tick = () => {
    clock += 1;
    return { boot: BOOTS[boots % BOOTS.length]!, ticks: clock };
  };
  const run = (role: string): void => {
    const known = services.get(role)!;
    const start = tick();
    const process = { pid: 1000 + start.ticks, start, definition: loaded.get(role) };
    services.set(role, { ...known, activity: 'running', process });
  };
  const set = (role: string, activity: Activity): void => {
    services.set(role, { ...services.get(role)!, activity, process: undefined });
  };
  const step = (what: string, act: () => void): void => {
    if (manager.away) throw new ServiceProblem('services/manager-unreachable', 'nobody answers');
    manager.onStep(`before ${what}`);
    act();
    manager.events.push(what);
    manager.onStep(`after ${what}`);
  };
  const manager: SampleManager = {
    events: [],
    onStep: () => undefined,
    broken: new Set(),
    deaf: new Set(),
    away: false,
    now: tick,
    reboot: () => {
      boots += 1;
      clock = 100;
      for (const role of services.keys()) run(role);
    },
    byHand: (role, activity) => (activity === 'running' ? run(role) : set(role, activity)),
    crash: run,
    look: async () => {
      if (manager.away) throw new ServiceProblem('services/manager-unreachable', 'nobody answers');
      return new Map(services);
    },
    start: async (service) => {
      const { role, component } = service;
      if (services.get(role)?.process) throw new Error(`${role} runs`);
      step(`start ${role}`, () => {
        loaded.set(role, definitionDigest(service));
        services.set(role, { role, component, activity: 'stopped', process: undefined, detail: 'broken' });
        if (manager.broken.has(role)) set(role, 'failed');
        else run(role);
      });
    },
    stop: async (role) => {
      step(`stop ${role}`, () => {
        if (!manager.deaf.has(role)) set(role, 'stopped');
      });
    },
    outputOf: (role) => `/var/log/${role}.log`,
    remove: async (role) => {
      if (services.get(role)?.process) throw new Error(`${role} runs`);
      step(`remove ${role}`, () => services.delete(role));
    },
  };
  return manager;
}
