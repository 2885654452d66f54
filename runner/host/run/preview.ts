import { retiresAll } from '../../../compiler/contract/promotion.ts';
import type { Plan } from '../plan/plan.ts';
import { isInDebt, isToStart } from '../services/debt.ts';
import { openRecord, planRestarts, switchableComponents } from '../services/plan-restarts.ts';
import { readRestartRecord } from '../services/restart-record.ts';
import { type GrantedApply, retiredRoles } from './apply-granted.ts';
import { changesWith, isServed, type ServedHost } from './bring-up.ts';
import { previewFor } from './prepare.ts';
import type { Host } from './run-once.ts';

/** What an apply would do to services: roles, in order. */
export interface RestartPreview {
  readonly retire: readonly string[];
  readonly stop: readonly string[];
  readonly start: readonly string[];
  /** Those that would owe a restart, or a start, which is not granted. */
  readonly owed: readonly string[];
}

/** What an apply would do; nothing is done. Throws ServiceProblem. */
export async function preview(host: Host, request: GrantedApply): Promise<Plan & Partial<RestartPreview>> {
  return isServed(host) ? withRestarts(host, request) : previewFor(host, request).plan;
}

async function withRestarts(host: ServedHost, request: GrantedApply): Promise<Plan & RestartPreview> {
  const { bundle, state } = request;
  const { promotion, manifest } = bundle;
  const all = await host.services.manager.look();
  const retire = retiredRoles(bundle, all);
  const seen = new Map([...all].filter(([role]) => !retire.includes(role)));
  const record = openRecord(readRestartRecord(host.engine.rooted), bundle, seen);
  const services = retiresAll(promotion) ? [] : manifest.services;
  const known = { services, seen, granted: new Set(promotion.restart), record };
  const first = previewFor(host, request);
  const waiting = first.plan.waiting.map(({ component }) => component);
  const switching = switchableComponents(waiting, known);
  const prepared = previewFor(host, { ...request, switchable: switching });
  const changes = changesWith(host, { prepared, state, manifest });
  const { stop, start } = planRestarts({ ...known, changes, switching });
  const left = new Set(prepared.plan.waiting.map(({ component }) => component));
  const owes = services.filter((service) => {
    const one = seen.get(service.role);
    return isInDebt(service, one, changes) || isToStart(one) || (one && left.has(service.component));
  });
  return {
    ...prepared.plan,
    retire,
    stop: stop.map(({ role }) => role),
    start: start.map(({ role }) => role),
    owed: owes.filter((service) => !start.includes(service)).map(({ role }) => role),
  };
}
