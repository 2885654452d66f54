import {
  AUDIT_PATH,
  AUDIT_SCHEMA,
  type AuditEntry,
  formatAuditEntry,
  formatAuditMessage,
} from '../../compiler/contract/audit.ts';
import { AUDIT_REF } from '../../compiler/contract/names.ts';
import { FILE_MODE, formatCommit, formatTree, type Identity, objectId } from '../../compiler/git/objects.ts';
import { moveRefs, type RefStore, readRefs } from '../../compiler/git/ref-store.ts';
import type { RefUpdate } from '../../compiler/git/refs.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import { writeObjects } from '../../compiler/git/write-objects.ts';

/** What an operation did, as the command that did it knows it. */
export interface Operation extends Pick<AuditEntry, 'who' | 'action' | 'result' | 'summary'> {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly clusters: Iterable<string>;
  readonly hosts: Iterable<string>;
  readonly problems?: Iterable<string>;
  readonly bundles?: string | undefined;
}

/** RFC 3339, UTC, whole seconds. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The identity of a person at a time, in UTC: what zone they sit in is nobody's business. */
export function identityAt({ name, email }: AuditEntry['who'], time: number): Identity {
  return { name, email, time, zone: '+0000' };
}

function toAuditEntry(operation: Operation): AuditEntry {
  const { now, who, action, result, summary, bundles } = operation;
  return {
    schema: AUDIT_SCHEMA,
    at: formatTime(now),
    who: { name: who.name, email: who.email },
    action,
    clusters: sortedSet(operation.clusters),
    hosts: sortedSet(operation.hosts),
    result,
    summary,
    problems: sortedSet(operation.problems ?? []),
    bundles: bundles ?? null,
  };
}

function sortedSet(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}

/**
 * Stores the commit of an operation on top of the last one, and gives the move of refs/heads/audit to it. In a transaction
 * it stands first: git writes one ref after the other, and of what a kill cuts off there, the entry is to be there.
 */
export async function auditUpdate(
  repository: Repository,
  operation: Operation,
  last: string | undefined,
): Promise<RefUpdate> {
  const entry = toAuditEntry(operation);
  const file = formatAuditEntry(entry);
  const tree = formatTree([{ mode: FILE_MODE, name: AUDIT_PATH, id: objectId('blob', file) }]);
  const person = identityAt(operation.who, operation.now);
  const commit = formatCommit({
    tree: objectId('tree', tree),
    parents: last === undefined ? [] : [last],
    author: person,
    committer: person,
    message: formatAuditMessage(entry),
  });
  const ids = await writeObjects(repository, [
    { type: 'blob', content: file },
    { type: 'tree', content: tree },
    { type: 'commit', content: commit },
  ]);
  return { ref: AUDIT_REF, old: last, new: ids[2]! };
}

const ATTEMPTS = 20;

/**
 * Adds an operation that moves nothing else to refs/heads/audit, behind whatever others add meanwhile. Throws where the
 * repository cannot be reached, or where others are faster many times over.
 */
export async function writeAudit(store: RefStore, operation: Operation): Promise<void> {
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const last = (await readRefs(store, [AUDIT_REF])).get(AUDIT_REF);
    const update = await auditUpdate(store.repository, operation, last);
    const outcome = await moveRefs(store, [update], `khp ${operation.action}`);
    if (outcome.ok) return;
    reason = outcome.reason;
  }
  throw new Error(`${AUDIT_REF} moved ${ATTEMPTS} times while an entry was added: ${reason}`);
}
