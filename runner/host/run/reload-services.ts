import { isDown } from '../services/debt.ts';
import { isSameStart } from '../services/processes.ts';
import { readRestartRecord, writeRestartRecord } from '../services/restart-record.ts';
import { runForService } from '../services/run-for-service.ts';
import { readState } from '../state/store.ts';
import type { ServedHost } from './bring-up.ts';
import type { Problem } from './run-once.ts';

/** Milliseconds for one command: it starts a JVM, and asks a daemon that may be busy. */
const TIMEOUT = 120_000;

/**
 * Has each running service read again what has changed of the files that it reloads, unless it was started behind the
 * change. What fails is tried again by the next run. Throws ServiceProblem.
 */
export async function reloadServices({ engine, services }: ServedHost): Promise<Problem | undefined> {
  const { active, changes, journal } = readState(engine.rooted);
  if (!active || journal) return undefined;
  const due = active.manifest.services.filter(({ role, reload }) => {
    const last = changes[role]?.reload;
    const done = readRestartRecord(engine.rooted).reloaded[role];
    return reload && last && !isSameStart(last, done);
  });
  if (due.length === 0) return undefined;
  const seen = await services.manager.look();
  let problem: Problem | undefined;
  for (const service of due) {
    const { role } = service;
    const { boot, ticks } = changes[role]!.reload;
    const found = seen.get(role);
    const start = found?.process?.start;
    const isOlder = start === undefined || (start.boot === boot && start.ticks <= ticks);
    const failed = !isDown(found) && isOlder ? await runCommands(services, service) : undefined;
    if (failed === undefined) {
      const record = readRestartRecord(engine.rooted);
      writeRestartRecord(engine.rooted, {
        ...record,
        reloaded: { ...record.reloaded, [role]: { boot, ticks } },
      });
    } else problem ??= { code: 'services/reload', message: `${role} could not be made to reload: ${failed}` };
  }
  return problem;
}

async function runCommands(
  { accountOf }: ServedHost['services'],
  service: Parameters<typeof runForService>[1]['service'],
): Promise<string | undefined> {
  const account = accountOf(service.user);
  for (const command of service.reload ?? []) {
    const { ok, detail } = await runForService(command, { service, account, timeout: TIMEOUT });
    if (!ok) return `${command}: ${detail}`;
  }
  return undefined;
}
