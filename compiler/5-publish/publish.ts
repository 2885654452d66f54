import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { AUDIT_REF, BUNDLES_REF } from '../contract/names.ts';
import { formatPublication, parsePublication } from '../contract/publication.ts';
import { type Commit, parseCommit } from '../git/objects.ts';
import { readObject } from '../git/read-objects.ts';
import { moveRefs, type RefStore, readRefs } from '../git/ref-store.ts';
import { isAncestor, type RefUpdate, resolveCommit } from '../git/refs.ts';
import type { Repository } from '../git/repository.ts';
import type { BundleTree } from './bundle-tree.ts';

/** What to publish where. */
export interface PublishRequest {
  /** Has the history of the source commit. */
  readonly workspace: Repository;
  /** The config repository. */
  readonly target: RefStore;
  /** The commit that was compiled: anything that names one in `workspace`. */
  readonly source: string;
  /** The compiler's version, without white space. */
  readonly compiler: string;
  /** All bundles (`<type>/<cluster>/<host>/…`); given up where they are not published. */
  readonly tree: BundleTree;
  /** Stores what the audit is to say of a commit, behind its last entry; gives the move of its ref, which moves first. */
  readonly audit: (commit: string, last: string | undefined) => Promise<RefUpdate>;
  /** Bundles and audit as the caller has seen them, if it has looked: they are read again where one has moved since. */
  readonly seen?: ReadonlyMap<string, string>;
  /** Publish although the source does not descend from the one published last. */
  readonly force?: boolean;
  /** Asked of the tip that the commit is to follow, which may have moved since the caller looked: why it may not. */
  readonly guard?: (tip: string | undefined) => Promise<Diagnostic | undefined>;
}

/** What refs/heads/bundles holds now. */
export interface Published {
  readonly commit: string;
  /** False where it was there already. */
  readonly changed: boolean;
}

/** Every operating command moves the audit. */
const ATTEMPTS = 20;

/**
 * Commits the bundles of a source commit to refs/heads/bundles, from the tip that it found and together with its entry in
 * the audit, or not at all. Author, committer and dates are the source commit's, so the same source and tree on the same
 * tip give the same commit. A tree that did not change gets its commit too; the same source, compiler and tree on top are
 * left as they are, without an entry. The value is undefined where it was refused. Throws where a repository cannot be
 * read or written.
 */
export async function publish(request: PublishRequest): Promise<Outcome<Published | undefined>> {
  try {
    return await publishOnTip(request);
  } finally {
    await request.tree.drop();
  }
}

async function publishOnTip(request: PublishRequest): Promise<Outcome<Published | undefined>> {
  const { workspace, target, tree } = request;
  const id = await resolveCommit(workspace, request.source);
  const source = id === undefined ? undefined : await readCommit(workspace, id);
  if (id === undefined || !source) {
    return refuse('unknown-source', `${request.source} is no commit of the workspace`, 'compile a commit');
  }
  const { author, committer } = source;
  const message = formatPublication(
    { source: id, compiler: request.compiler },
    source.message.split('\n')[0]!,
  );
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const seen = attempt === 0 ? request.seen : undefined;
    const refs = seen ?? (await readRefs(target, [BUNDLES_REF, AUDIT_REF]));
    const tip = refs.get(BUNDLES_REF);
    const parent = tip === undefined ? undefined : await readCommit(target.repository, tip);
    const problem = parent && !request.force ? await checkDescent({ request, id, parent }) : undefined;
    if (problem) return { value: undefined, diagnostics: [problem] };
    const refused = await request.guard?.(tip);
    if (refused) return { value: undefined, diagnostics: [refused] };
    const isThere = (made: string | undefined) => parent?.message === message && parent.tree === made;
    if (isThere(tree.id)) return { value: { commit: tip!, changed: false }, diagnostics: [] };
    const made = await tree.commit({ parent: tip, author, committer, message });
    if (isThere(made.tree)) return { value: { commit: tip!, changed: false }, diagnostics: [] };
    await tree.keep();
    const entry = await request.audit(made.commit, refs.get(AUDIT_REF));
    const updates = [entry, { ref: BUNDLES_REF, old: tip, new: made.commit }];
    const outcome = await moveRefs(target, updates, 'khp compile');
    if (outcome.ok) return { value: { commit: made.commit, changed: true }, diagnostics: [] };
    reason = outcome.reason;
  }
  return refuse(
    'conflict',
    `${BUNDLES_REF} or ${AUDIT_REF} moved ${ATTEMPTS} times while the next commit was made (${reason})`,
    'see who else works on the fleet, then compile again',
  );
}

async function readCommit(repository: Repository, id: string): Promise<Commit | undefined> {
  const object = await readObject(repository, id);
  return object?.type === 'commit' && object.content ? parseCommit(object.content) : undefined;
}

interface Descent {
  readonly request: PublishRequest;
  readonly id: string;
  readonly parent: Commit;
}

async function checkDescent({ request, id, parent }: Descent): Promise<Diagnostic | undefined> {
  const last = parsePublication(parent.message)?.source;
  if (last === undefined) {
    return error(
      'foreign-tip',
      `the last commit of ${BUNDLES_REF} was not made by khp: it names no source commit`,
      'see who moved the branch; --force publishes on top of it',
    );
  }
  if (await isAncestor(request.workspace, last, id)) return undefined;
  return error(
    'not-descending',
    `${id.slice(0, 12)} does not descend from ${last.slice(0, 12)}, whose bundles were published last`,
    'compile the tip of the publish branch, with its whole history fetched; --force publishes all the same',
  );
}

function error(problem: string, message: string, hint: string): Diagnostic {
  return { code: `publish/${problem}`, severity: 'error', message, hint };
}

function refuse(problem: string, message: string, hint: string): Outcome<undefined> {
  return { value: undefined, diagnostics: [error(problem, message, hint)] };
}
