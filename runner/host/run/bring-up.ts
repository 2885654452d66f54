import type { Manifest, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { changesAfter, roleInputs } from '../apply/role-inputs.ts';
import type { Engine } from '../apply/stage.ts';
import { askHealth } from '../services/ask-health.ts';
import { awaitOther, type Services, startService, stopService } from '../services/carry-out.ts';
import { isDown } from '../services/debt.ts';
import { planRestarts, type RestartPlan } from '../services/plan-restarts.ts';
import { type RestartRecord, readRestartRecord, writeRestartRecord } from '../services/restart-record.ts';
import { type SeenServices, ServiceProblem } from '../services/service-manager.ts';
import { asStarted, readStartedServices } from '../services/started-services.ts';
import type { Moment, RoleChanges } from '../state/state-file.ts';
import type { HostState } from '../state/store.ts';
import { during } from './phases.ts';
import type { Prepared } from './prepare.ts';
import type { Host } from './run-once.ts';

/** A host whose services are managed. */
export interface ServedHost extends Host {
  readonly services: Services;
}

export function isServed(host: Host): host is ServedHost {
  return host.services !== undefined;
}

/** What a restart uses up. */
export type Uses = 'grant' | 'nothing';

/** A service that did not become healthy, or did not end. */
export interface Failure {
  readonly service: ServiceEntry;
  readonly reason: string;
  readonly wasHealthy: boolean;
}

/** What each role will be started with, once a plan is carried out now. */
export function changesWith(
  { engine }: Host,
  {
    prepared: { plan, secrets },
    state,
    manifest,
  }: { readonly prepared: Prepared; readonly state: HostState; readonly manifest: Manifest },
): RoleChanges {
  const inputs = roleInputs({ manifest, plan, digests: secrets.digests });
  return changesAfter(state.changes, inputs, engine.moment);
}

/**
 * Makes durable what is begun, then stops what is to be stopped. A service that does not end has had its restart, and
 * those that would have been stopped behind it run on. Throws ServiceProblem where nobody answers.
 */
export async function beginAndStop(
  { engine, services }: ServedHost,
  { stop, start, over }: RestartPlan,
  { seen, uses = 'grant' }: { readonly seen: SeenServices; readonly uses?: Uses },
): Promise<Failure | undefined> {
  const record = readRestartRecord(engine.rooted);
  const begun = { ...record.begun };
  for (const role of over) delete begun[role];
  const started = readStartedServices(engine.rooted);
  for (const service of start) {
    // The process that is to end may listen elsewhere than the next one.
    const old = asStarted(started, service.role, seen.get(service.role)) ?? service;
    begun[service.role] ??= { healthy: await isHealthy(services, old, seen) };
  }
  const done = uses === 'grant' ? withRoles(record, over) : record.done;
  if (start.length > 0 || over.length > 0) writeRestartRecord(engine.rooted, { ...record, begun, done });
  for (const [index, service] of stop.entries()) {
    const reason = await during(engine, 'stop', () => tryToStop(services, service));
    if (reason === undefined) continue;
    const left = stop.slice(index).map(({ role }) => role);
    const known = readRestartRecord(engine.rooted);
    const stopped = Object.entries(known.begun).filter(([role]) => !left.includes(role));
    const whole = { ...known, begun: Object.fromEntries(stopped), done: withRoles(known, left) };
    writeRestartRecord(engine.rooted, whole);
    return { service, reason, wasHealthy: false };
  }
  return undefined;
}

async function tryToStop({ manager }: Services, { role, stop }: ServiceEntry): Promise<string | undefined> {
  try {
    await stopService(manager, role, stop.timeout);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceProblem && error.code === 'services/not-stopped') return error.message;
    throw error;
  }
}

function withRoles({ done }: RestartRecord, roles: readonly string[]): string[] {
  return [...new Set([...done, ...roles])];
}

async function isHealthy(services: Services, service: ServiceEntry, seen: SeenServices): Promise<boolean> {
  const one = seen.get(service.role);
  if (one?.activity !== 'running') return false;
  try {
    return (await askHealth(services, service, one)) === undefined;
  } catch (error) {
    // Its user may be gone, and it is to be stopped all the same.
    if (error instanceof ServiceProblem) return false;
    throw error;
  }
}

/** Restarts what is due; each role that is through is noted before the next begins. Throws ServiceProblem. */
export async function bringUp(
  host: ServedHost,
  {
    state,
    granted,
    uses = 'grant',
  }: { readonly state: HostState; readonly granted: ReadonlySet<string>; readonly uses?: Uses },
): Promise<{ restarted: string[]; failures: Failure[] }> {
  const { engine, services, settings } = host;
  const seen = await services.manager.look();
  const all = state.active?.manifest.services ?? [];
  // Begun before root took a user back: nothing more is stopped of it, and nothing started until it is allowed again.
  const isAllowed = ({ user }: ServiceEntry): boolean => settings.config.users.includes(user);
  const plan = planRestarts({
    services: all.filter(isAllowed),
    seen,
    changes: state.changes,
    granted,
    record: readRestartRecord(engine.rooted),
  });
  const running = await beginAndStop(host, plan, { seen, uses });
  const restarted: string[] = [];
  const { begun } = readRestartRecord(engine.rooted);
  const barred = all.filter((service) => !isAllowed(service) && Object.hasOwn(begun, service.role));
  const failures: Failure[] = [
    ...(running ? [running] : []),
    ...barred
      .filter(({ role }) => isDown(seen.get(role)))
      .map((service) => {
        const reason = `runner.yml does not allow the user ${service.user} any more`;
        return { service, reason, wasHealthy: false };
      }),
  ];
  const due = new Set(plan.start);
  const inOrder = all.filter((service) => due.has(service) || plan.comingUp.includes(service));
  for (const service of inOrder) {
    const { role } = service;
    if (!due.has(service)) {
      // Its supervisor has started it behind the change: what is told of it must not be of the midst of that.
      await awaitOther(services, service);
      continue;
    }
    if (running && !isDown((await services.manager.look()).get(role))) continue;
    await pastTie(engine, state.changes[role]?.restart);
    const reason = await during(engine, 'start', () => startService(services, service));
    const record = readRestartRecord(engine.rooted);
    const { [role]: own, ...begun } = record.begun;
    const done = uses === 'grant' ? withRoles(record, [role]) : record.done;
    writeRestartRecord(engine.rooted, { ...record, begun, done });
    restarted.push(role);
    if (reason !== undefined) failures.push({ service, reason, wasHealthy: own?.healthy ?? false });
  }
  return { restarted, failures };
}

/** A tie counts as debt, so nothing is started in the very tick of a change. */
async function pastTie({ moment }: Engine, change: Moment | undefined): Promise<void> {
  for (let now = moment(); change && now.boot === change.boot && now.ticks <= change.ticks; now = moment())
    await new Promise((done) => setTimeout(done, 5));
}

/** A service of some components that is not down, whatever manifest names it. */
export function runningOf(components: ReadonlySet<string>, seen: SeenServices): string | undefined {
  return [...seen.values()].find((one) => components.has(one.component) && !isDown(one))?.role;
}
