import { AUDIT_PATH, parseAuditEntry } from '../../compiler/contract/audit.ts';
import { AUDIT_REF } from '../../compiler/contract/names.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import { listCommits } from '../../compiler/git/refs.ts';
import type { FleetOperation } from '../fleet.ts';
import type { Config } from './open-config.ts';
import type { Problems } from './problems.ts';

/** The most operations that are read. */
const MOST_OPERATIONS = 1000;

/** The last operations of refs/heads/audit, the latest first. */
export async function readOperations(
  { repository, refs }: Config,
  problems: Problems,
): Promise<FleetOperation[]> {
  const operations: FleetOperation[] = [];
  const head = refs.get(AUDIT_REF);
  if (head === undefined) return operations;
  const commits = await listCommits(repository, head, MOST_OPERATIONS);
  const names = commits.map((commit) => `${commit}:${AUDIT_PATH}`);
  await readObjects({ repository, names }, (object, name) => {
    const entry = object?.content && parseAuditEntry(object.content);
    if (!entry) {
      problems.add('site/bad-operation', { detail: name.slice(0, 40) });
      return;
    }
    const { at, who, action, clusters, hosts, result, summary, problems: codes } = entry;
    operations.push({
      at: Date.parse(at) / 1000,
      who: `${who.name} <${who.email}>`,
      action,
      clusters,
      hosts: hosts.length,
      result,
      summary,
      problems: codes,
    });
  });
  return operations;
}
