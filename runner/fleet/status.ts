import { ClusterStatus } from '../../compiler/contract/report.ts';
import { readTree } from '../../compiler/git/read-tree.ts';
import type { RefStore } from '../../compiler/git/ref-store.ts';

/** The status as a commit of refs/heads/status has it; a file that cannot be read is left out. */
export async function readStatus(config: RefStore, commit: string): Promise<ClusterStatus[]> {
  const statuses: ClusterStatus[] = [];
  for (const [path, bytes] of await readTree(config.repository, commit)) {
    try {
      const status = ClusterStatus.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
      if (path === statusPath(status)) statuses.push(status);
    } catch {
      // Written by an older version, or by somebody else: the reports themselves are the truth.
    }
  }
  return statuses;
}

/** The path of a cluster's status. */
export function statusPath({ type, cluster }: Pick<ClusterStatus, 'type' | 'cluster'>): string {
  return `${type}/${cluster}.json`;
}
