import { retiresAll } from '../../../compiler/contract/promotion.ts';
import type { AcceptedBundle } from '../accept/verdict.ts';
import { type ApplyOutcome, apply, obstacleOf } from '../apply/apply.ts';
import { holdBundle } from '../apply/swap.ts';
import { stopService } from '../services/carry-out.ts';
import { isDown } from '../services/debt.ts';
import { openRecord, planRestarts, switchableComponents } from '../services/plan-restarts.ts';
import { readRestartRecord, writeRestartRecord } from '../services/restart-record.ts';
import { type SeenServices, ServiceProblem } from '../services/service-manager.ts';
import type { HostState } from '../state/store.ts';
import { beginAndStop, changesWith, runningOf, type ServedHost } from './bring-up.ts';
import { during } from './phases.ts';
import { prepare } from './prepare.ts';

/** What is accepted, and the state that it meets. */
export interface GrantedApply {
  readonly bundle: AcceptedBundle;
  readonly state: HostState;
}

/**
 * Applies a bundle on a host whose services are managed. Roles that it retires are stopped and forgotten. Where links wait
 * that its grant lets move, the services of their components are stopped before, in the reverse of the start order, with
 * whatever else is to be restarted; all that can be told to fail is asked before that; what fails behind it is held.
 * Throws ServiceProblem.
 */
export async function applyGranted(host: ServedHost, request: GrantedApply): Promise<ApplyOutcome> {
  const { bundle, state } = request;
  const found = await lookSafely(host);
  const seen = found && (await begin(host, bundle, found));
  const first = await prepare(host, { bundle, state });
  if ('code' in first) return { ok: false, ...first };
  // Files are delivered all the same; that nobody answers is told where the restarts are due.
  if (!seen) return apply(host.engine, { ...first, bundle, state });
  const switchable = switchableComponents(
    first.plan.waiting.map(({ component }) => component),
    { ...grantsOf(bundle), services: bundle.manifest.services, seen, record: record(host) },
  );
  if (switchable.size === 0) return apply(host.engine, { ...first, bundle, state });
  const ready = await prepare(host, { bundle, state, switchable });
  if ('code' in ready) return { ok: false, ...ready };
  const blocked = obstacleOf(host.engine, ready.plan);
  if (blocked) return blocked;
  const restarts = planRestarts({
    ...grantsOf(bundle),
    services: bundle.manifest.services,
    seen,
    changes: changesWith(host, { prepared: ready, state, manifest: bundle.manifest }),
    record: record(host),
    switching: switchable,
  });
  const running = await beginAndStop(host, restarts, { seen });
  if (running) return held(host, bundle, { code: 'services/not-stopped', message: running.reason });
  const other = runningOf(switchable, await host.services.manager.look());
  if (other !== undefined) {
    const message = `${other} was started by somebody else meanwhile`;
    return held(host, bundle, { code: 'services/not-stopped', message });
  }
  // What lies on the disk may be another since: a stop can take minutes.
  const last = await prepare(host, { bundle, state, switchable });
  if ('code' in last) return held(host, bundle, last);
  const applied = apply(host.engine, { ...last, bundle, state });
  // What was interrupted is finished by the next run.
  return applied.ok || applied.code === 'apply/interrupted' ? applied : held(host, bundle, applied);
}

/** Holds a promotion under which services were stopped in vain: they would be with every run. */
function held(
  { engine }: ServedHost,
  { promotion: { seq, manifest } }: AcceptedBundle,
  { code, message }: { readonly code: string; readonly message: string },
): ApplyOutcome {
  holdBundle(engine.rooted, { seq, manifest, reason: message });
  return { ok: false, code, message };
}

function record({ engine }: ServedHost) {
  return readRestartRecord(engine.rooted);
}

function grantsOf({ promotion }: AcceptedBundle): { granted: ReadonlySet<string> } {
  return { granted: new Set(promotion.restart) };
}

async function lookSafely({ services }: ServedHost): Promise<SeenServices | undefined> {
  try {
    return await services.manager.look();
  } catch (error) {
    if (error instanceof ServiceProblem) return undefined;
    throw error;
  }
}

/** Roles of services that a promotion retires, in the order in which they stop. */
export function retiredRoles(
  { promotion, manifest }: Pick<AcceptedBundle, 'promotion' | 'manifest'>,
  seen: SeenServices,
): string[] {
  // What the manifest names no longer goes first, then what starts last.
  const order = manifest.services.map(({ role }) => role).reverse();
  const isRetired = (role: string): boolean =>
    retiresAll(promotion) || (promotion.retire.includes(role) && !order.includes(role));
  return [...seen.keys()]
    .filter(isRetired)
    .sort()
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** Takes the promotion's grants for the ones that count, and retires what it retires. */
async function begin(host: ServedHost, bundle: AcceptedBundle, seen: SeenServices): Promise<SeenServices> {
  const { promotion, manifest } = bundle;
  const { manager } = host.services;
  const before = record(host);
  const opened = openRecord(before, bundle, seen);
  if (opened !== before) writeRestartRecord(host.engine.rooted, opened);
  const retired = retiredRoles({ promotion, manifest }, seen);
  for (const role of retired) {
    const timeout = manifest.services.find((service) => service.role === role)?.stop.timeout;
    if (!isDown(seen.get(role)))
      await during(host.engine, 'stop', () => stopService(manager, role, timeout ?? ORPHAN_TIMEOUT));
    await manager.remove(role);
  }
  return retired.length === 0 ? seen : manager.look();
}

/** Seconds for the end of a service whose manifest is gone; its manager, which has its timeout, kills it before. */
const ORPHAN_TIMEOUT = 3_600;
