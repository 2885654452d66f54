import type { Diagnostic } from '../../compiler/contract/diagnostic.ts';
import { HOST_NAME, reportRef } from '../../compiler/contract/names.ts';
import { REPORT_PATH, Report } from '../../compiler/contract/report.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import { type RefStore, readRefs } from '../../compiler/git/ref-store.ts';

const REPORTS = 'refs/khp/reports/';
const MAX_REPORT = 1 << 20;
/** Seconds that a host's clock may be ahead: a report of the future would never be silent. */
const CLOCK_SKEW = 300;

/** A warning about what hosts sent. */
export function collectWarning(problem: string, host: string | undefined, message: string): Diagnostic {
  const hosts = host === undefined ? {} : { hosts: [host] };
  return { code: `collect/${problem}`, severity: 'warning', message, ...hosts };
}

/** What was read, by host. */
export interface ReadReports {
  readonly reports: ReadonlyMap<string, Report>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the last reports of hosts, or of all that there are. One that cannot be believed (not readable, of another host,
 * of the future) is left out with a warning.
 */
export async function readReports(
  store: RefStore,
  { now, hosts }: { readonly now: number; readonly hosts?: readonly string[] },
): Promise<ReadReports> {
  const reports = new Map<string, Report>();
  const diagnostics: Diagnostic[] = [];
  const asked: { host: string; id: string }[] = [];
  for (const [ref, id] of await readRefs(store, hosts?.map(reportRef) ?? [REPORTS])) {
    const host = ref.slice(ref.lastIndexOf('/') + 1);
    if (HOST_NAME.test(host) && reportRef(host) === ref) asked.push({ host, id });
    else
      diagnostics.push(
        collectWarning('foreign-ref', undefined, `${JSON.stringify(ref)} is the ref of no host`),
      );
  }
  let next = 0;
  const names = asked.map(({ id }) => `${id}:${REPORT_PATH}`);
  await readObjects({ repository: store.repository, names, maxBytes: MAX_REPORT }, (object) => {
    const { host } = asked[next++]!;
    const bad = (why: string) =>
      diagnostics.push(collectWarning('bad-report', host, `the report of ${host} cannot be used: ${why}`));
    if (object?.type !== 'blob') bad(`its commit holds no file ${REPORT_PATH}`);
    else if (!object.content) bad(`it is larger than ${MAX_REPORT} bytes`);
    else {
      const report = parseReport(object.content);
      if (typeof report === 'string') bad(report);
      else if (report.host !== host) bad(`it speaks of ${report.host}`);
      else if (Date.parse(report.at) / 1000 > now + CLOCK_SKEW) bad(`it is of the future, ${report.at}`);
      else reports.set(host, report);
    }
  });
  return { reports, diagnostics };
}

function parseReport(bytes: Uint8Array): Report | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return 'it is not JSON in UTF-8';
  }
  const { data, error } = Report.safeParse(json);
  const issue = error?.issues[0];
  return data ?? `${issue?.path.map(String).join('.') || 'the report'}: ${issue?.message}`;
}
