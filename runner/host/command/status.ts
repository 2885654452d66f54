import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { readLastReport, readSpool } from '../report/spool.ts';
import { lookOnDisk } from '../run/prepare.ts';
import { activeIn } from '../run/run-once.ts';
import { DamagedState } from '../state/read-generation.ts';
import { readState } from '../state/store.ts';
import { formatReport } from './apply.ts';
import { type CommandOptions, type CommandResult, onHost } from './command.ts';

/** `status`: what the host holds and how its last run ended, from the host alone. Nothing is fetched or written. */
export function statusCommand(options: CommandOptions): Promise<CommandResult> {
  return onHost(options, async (host) => {
    const { rooted } = host.engine;
    try {
      const state = readState(rooted);
      const status = {
        host: host.settings.host,
        active: activeIn(state),
        watermark: state.watermark ?? null,
        interrupted: state.journal ? state.journal.phase : null,
        ...lookOnDisk(host, state),
        waiting_reports: readSpool(rooted).length,
        report: readLastReport(rooted) ?? null,
      };
      return { exit: 0, text: options.json ? canonicalJson(status) : formatStatus(status), problems: [] };
    } catch (error) {
      if (!(error instanceof DamagedState)) throw error;
      return { exit: 1, text: '', problems: [error.message] };
    }
  });
}

interface Status {
  readonly host: string;
  readonly active: ReturnType<typeof activeIn>;
  readonly watermark: ReturnType<typeof readState>['watermark'] | null;
  readonly interrupted: string | null;
  readonly drift: readonly string[];
  readonly unmounted: readonly string[];
  readonly waiting_reports: number;
  readonly report: ReturnType<typeof readLastReport> | null;
}

function formatStatus(status: Status): string {
  const { active, watermark, interrupted, drift, unmounted, report } = status;
  const lines = [
    `host        ${status.host}`,
    active
      ? `active      generation ${active.generation}, seq ${active.seq}, release ${active.release}, expires ${active.expires}`
      : 'active      nothing yet',
    watermark ? `watermark   seq ${watermark.seq}` : 'watermark   none',
    ...(interrupted === null ? [] : [`interrupted while ${interrupted}; the next apply recovers`]),
    drift.length === 0 ? 'drift       none' : `drift       ${drift.join(', ')}`,
    ...unmounted.map((path) => `no disk     ${path} is no mount point, so it is not made`),
    ...(status.waiting_reports > 0 ? [`reports     ${status.waiting_reports} wait to be sent`] : []),
    report ? `last run    ${report.at}` : 'last run    none',
    ...(report?.problem ? [`problem     ${report.problem.message} [${report.problem.code}]`] : []),
  ];
  return `${lines.join('\n')}\n${report ? formatReport(report) : ''}`;
}
