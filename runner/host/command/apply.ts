import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { sendReport } from '../report/send-report.ts';
import { writeLastReport } from '../report/spool.ts';
import { type Host, runOnce } from '../run/run-once.ts';
import { enter } from '../state/lock.ts';
import { makeState } from '../state/store.ts';
import { type CommandOptions, type CommandResult, onHost } from './command.ts';

/** `apply`: one run, reported. Exit 1 where the report tells of a problem, or another run is under way. */
export function applyCommand(options: CommandOptions): Promise<CommandResult> {
  return onHost(options, async (host) => {
    makeState(host.engine.rooted);
    const lock = enter(host.layout.lock);
    if (!lock) return { exit: 1, text: '', problems: ['another run is under way on this host'] };
    try {
      return await applyAndReport(host, options);
    } finally {
      lock.release();
    }
  });
}

async function applyAndReport(host: Host, { json, now }: CommandOptions): Promise<CommandResult> {
  const report = await runOnce(host, now);
  writeLastReport(host.engine.rooted, report);
  const problems: string[] = [];
  if (report.problem) problems.push(`${report.result}: ${report.problem.message} [${report.problem.code}]`);
  const url = host.settings.config.reports;
  if (url !== undefined) {
    const seconds = Math.floor(now() / 1000);
    const { engine, layout } = host;
    const delivered = await sendReport(report, {
      rooted: engine.rooted,
      gitDir: layout.reports,
      url,
      now: seconds,
    });
    if (delivered.kind === 'spooled') problems.push(`the report waits to be sent: ${delivered.reason}`);
  }
  return {
    exit: report.problem ? 1 : 0,
    text: json ? canonicalJson(report) : formatReport(report),
    problems,
  };
}

/** A report as lines to read. */
export function formatReport({ host, result, active, written, drift }: Report): string {
  const of = active
    ? `generation ${active.generation}, seq ${active.seq}, release ${active.release}`
    : 'nothing yet';
  return [
    `${host}: ${result} (${of})\n`,
    ...written.map((path) => `  wrote ${path}\n`),
    ...drift.map((path) => `  drift ${path}\n`),
  ].join('');
}
