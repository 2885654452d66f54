import { PHASES, type Report, RunResult } from '../../../compiler/contract/report.ts';

/** What the metrics tell beside the report. */
export interface RunMetrics {
  readonly report: Report;
  /** The program's exit code. */
  readonly exit: number;
  /** Reports that wait to be sent. */
  readonly waiting: number;
}

/** A run in the text format of Prometheus, for node_exporter's textfile collector; names and units by its rules. */
export function formatMetrics({ report, exit, waiting }: RunMetrics): string {
  const { active, services = [], phases_ms: phases = {} } = report;
  const seconds = (at: string): number => Date.parse(at) / 1000;
  const lines = [
    ...metric('info', 'The runner and its host.', [[{ host: report.host, version: report.runner }, 1]]),
    ...metric(
      'run_result',
      'How the last run ended: 1 for its result.',
      RunResult.options.map((result) => [{ result }, Number(report.result === result)]),
    ),
    ...metric('run_exit_code', 'The exit code of the last run.', [[{}, exit]]),
    ...metric('run_timestamp_seconds', 'When the last run ended.', [[{}, seconds(report.at)]]),
    ...metric('run_duration_seconds', 'How long it took.', [[{}, report.duration_ms / 1000]]),
    ...metric(
      'run_phase_seconds',
      'How long the phases that it came to took.',
      PHASES.flatMap((phase): Sample[] => {
        const ms = phases[phase];
        return ms === undefined ? [] : [[{ phase }, ms / 1000]];
      }),
    ),
    ...metric('active_seq', 'The sequence of the active generation; 0 for none.', [[{}, active?.seq ?? 0]]),
    ...metric('active_generation', 'Its number.', [[{}, active?.generation ?? 0]]),
    ...metric(
      'active_expires_timestamp_seconds',
      'When its promotion expires.',
      active ? [[{}, seconds(active.expires)]] : [],
    ),
    ...metric('held', 'Whether a promotion is held until a higher one comes.', [
      [{}, Number(report.held != null)],
    ]),
    ...metric('drift_files', 'Files that differ on disk.', [[{}, report.drift.length]]),
    ...metric(
      'unmounted_directories',
      'Data directories that are not made, since no disk is mounted there.',
      [[{}, report.unmounted?.length ?? 0]],
    ),
    ...metric('reports_waiting', 'Reports that wait to be sent.', [[{}, waiting]]),
    ...metric(
      'service_running',
      'Whether a service runs.',
      services.map(({ component, role, state }) => [{ component, role }, Number(state === 'running')]),
    ),
    ...metric(
      'service_healthy',
      'Whether a service is healthy; none where it is not known.',
      services.flatMap(({ component, role, health }): Sample[] =>
        health === 'unknown' ? [] : [[{ component, role }, Number(health === 'healthy')]],
      ),
    ),
    ...metric(
      'service_debt',
      'Whether a service is in debt of a restart.',
      services.map(({ component, role, debt }) => [{ component, role }, Number(debt)]),
    ),
    ...metric(
      'service_orphaned',
      'Whether a service runs that is promoted no longer.',
      services.map(({ component, role, state }) => [{ component, role }, Number(state === 'orphaned')]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

type Sample = [labels: Readonly<Record<string, string>>, value: number];

function metric(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  const full = `khp_runner_${name}`;
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${full}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
  });
  return [`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines];
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
