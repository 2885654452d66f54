import { STATUS_REF } from '../../compiler/contract/names.ts';
import { ClusterStatus, type Report } from '../../compiler/contract/report.ts';
import { readTree } from '../../compiler/git/read-tree.ts';
import type { Config } from './open-config.ts';
import type { Problems } from './problems.ts';
import { parseJson } from './read-manifest.ts';

/** A host's last report, and the cluster in whose file it stands. */
export interface HostReport {
  readonly type: string;
  readonly cluster: string;
  readonly report: Report;
}

/** The reports of refs/heads/status, by host. */
export async function readStatus(
  { repository, refs }: Config,
  problems: Problems,
): Promise<Map<string, HostReport>> {
  const reports = new Map<string, HostReport>();
  const commit = refs.get(STATUS_REF);
  if (commit === undefined) return reports;
  for (const [path, bytes] of await readTree(repository, commit)) {
    const status = ClusterStatus.safeParse(parseJson(bytes));
    if (!status.success || path !== `${status.data.type}/${status.data.cluster}.json`) {
      problems.add('site/bad-status', { detail: path });
      continue;
    }
    const { type, cluster, hosts } = status.data;
    for (const [host, report] of Object.entries(hosts)) {
      if (report.host !== host) problems.add('site/bad-status', { detail: path });
      else if (reports.has(host)) problems.add('site/two-clusters', { host });
      else reports.set(host, { type, cluster, report });
    }
  }
  return reports;
}
