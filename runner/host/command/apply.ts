import { join } from 'node:path';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { numberReport } from '../report/number-report.ts';
import { sendReport } from '../report/send-report.ts';
import { readSpool, writeLastReport } from '../report/spool.ts';
import { writeMetrics } from '../report/write-metrics.ts';
import { type Host, runOnce } from '../run/run-once.ts';
import { isSystemError, systemMessage } from '../run/system-error.ts';
import { enter } from '../state/lock.ts';
import { makeState } from '../state/store.ts';
import { type CommandOptions, type CommandResult, onHost } from './command.ts';

/** `apply`: one run, reported. Exit 1 where the report tells of a problem, or another run is under way. */
export function applyCommand(options: CommandOptions): Promise<CommandResult> {
  return actAndReport(options, runOnce);
}

/** Does something to the host as the only one on it, and tells of it: on paper, on the disk and to the fleet. */
export function actAndReport(
  options: CommandOptions,
  act: (host: Host, now: () => number) => Promise<Report>,
): Promise<CommandResult> {
  return onHost(options, async (host) => {
    makeState(host.engine.rooted);
    const lock = enter(host.layout.lock);
    if (!lock) return { exit: 1, text: '', problems: ['another run is under way on this host'] };
    try {
      const report = await act(host, options.now);
      const { rooted, moment } = host.engine;
      return await tell(host, options, numberReport(rooted, report, moment().boot));
    } finally {
      lock.release();
    }
  });
}

async function tell(host: Host, options: CommandOptions, report: Report): Promise<CommandResult> {
  const { json, now, quiet } = options;
  const { metrics } = host.settings.config;
  const problems: string[] = [];
  if (report.problem) problems.push(`${report.result}: ${report.problem.message} [${report.problem.code}]`);
  // What was done is told all the same: a full disk must not hide it.
  const failures = [
    ...(await systemFailure('the report is not kept', () => writeLastReport(host.engine.rooted, report))),
    ...(await systemFailure('the report is not sent', async () => {
      const waits = await deliver(host, { report, now: Math.floor(now() / 1000) });
      if (waits !== undefined) problems.push(waits);
    })),
  ];
  const exitOf = (): 0 | 1 => (report.problem || failures.length > 0 ? 1 : 0);
  if (metrics !== undefined) {
    const path = join(host.layout.root, metrics);
    const waiting = readSpool(host.engine.rooted).length;
    const write = () => writeMetrics(path, { report, exit: exitOf(), waiting });
    failures.push(...(await systemFailure('the metrics are not written', write)));
  }
  const isNothing = quiet && report.result === 'unchanged' && !report.problem;
  return {
    exit: exitOf(),
    text: isNothing ? '' : json ? canonicalJson(report) : formatReport(report),
    problems: [...problems, ...failures],
  };
}

/** Why the report has to wait; undefined for one that was sent, or need not be. */
async function deliver(
  { settings, engine, layout }: Host,
  { report, now }: { readonly report: Report; readonly now: number },
): Promise<string | undefined> {
  const url = settings.config.reports;
  if (url === undefined) return undefined;
  const delivered = await sendReport(report, { rooted: engine.rooted, gitDir: layout.reports, url, now });
  return delivered.kind === 'spooled' ? `the report waits to be sent: ${delivered.reason}` : undefined;
}

/** What the operating system refused in an action: one line, or none. */
async function systemFailure(what: string, action: () => void | Promise<void>): Promise<string[]> {
  try {
    await action();
    return [];
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [`${what}: ${systemMessage(error)}`];
  }
}

/** A report as lines to read. */
export function formatReport(report: Report): string {
  const { host, result, active, held, written, drift, debt } = report;
  const { services = [], restarted = [], switches = [], unmounted = [], late = [] } = report;
  const of = active
    ? `generation ${active.generation}, seq ${active.seq}, release ${active.release}`
    : 'nothing yet';
  return [
    `${host}: ${result} (${of})\n`,
    ...written.map((path) => `  wrote ${path}\n`),
    ...restarted.map((role) => `  started ${role}\n`),
    ...(held ? [`  holds seq ${held.seq}: ${held.message}\n`] : []),
    ...drift.map((path) => `  drift ${path}\n`),
    ...unmounted.map((path) => `  no disk is mounted at ${path}, so it is not made\n`),
    ...switches.map((component) => `  the release of ${component} waits for a grant\n`),
    ...debt.map(
      (role) => `  ${role} owes a restart${late.includes(role) ? ', and its grant came late' : ''}\n`,
    ),
    ...services
      .filter(({ state, health }) => state !== 'running' || health === 'unhealthy')
      .map(({ role, state, health }) => `  ${role} is ${state === 'running' ? health : state}\n`),
  ].join('');
}
