import { structuredPatch } from 'diff';
import type { Change, ChangeKind } from './change.ts';

/** The same edit of one path on several hosts, shown once. */
export interface ChangeGroup {
  readonly path: string;
  readonly kind: ChangeKind;
  /** `<type>/<cluster>/<host>`, sorted. */
  readonly hosts: readonly string[];
  /** Of the first host; the others may differ in what stands around the changed lines. */
  readonly hunks: readonly Hunk[];
  /** Lines added and removed on each host. */
  readonly added: number;
  readonly removed: number;
  /** Roles in debt of a restart, and roles that reload, with the hosts they run on. */
  readonly restart: ReadonlyMap<string, readonly string[]>;
  readonly reload: ReadonlyMap<string, readonly string[]>;
}

export interface Hunk {
  readonly header: string;
  /** Each begins with ` `, `+` or `-`. */
  readonly lines: readonly string[];
}

interface Patch {
  readonly hunks: readonly Hunk[];
  /** The changed lines alone: what makes two edits the same. */
  readonly edit: string;
}

/** Edits longer than this are shown as a replacement of the whole text; bounds the time of a comparison. */
const MAX_EDIT_LENGTH = 4000;

/** Changes of the same path with the same added and removed lines as one group; sorted by path, then first host. */
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  const patchOf = memoizePatch();
  const groups = new Map<string, { first: Change; patch: Patch; members: Change[] }>();
  for (const change of changes) {
    const patch = patchOf(change);
    const key = JSON.stringify([change.path, change.kind, patch.edit]);
    const group = groups.get(key);
    if (group) group.members.push(change);
    else groups.set(key, { first: change, patch, members: [change] });
  }
  const sorted = [...groups.values()].sort(
    ({ first: a }, { first: b }) => compare(a.path, b.path) || compare(a.host, b.host),
  );
  return sorted.map(({ first, patch, members }) => ({
    path: first.path,
    kind: first.kind,
    hosts: members.map(({ host }) => host),
    hunks: patch.hunks,
    added: count(patch, '+'),
    removed: count(patch, '-'),
    restart: hostsByRole(members, 'restart'),
    reload: hostsByRole(members, 'reload'),
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function count(patch: Patch, sign: string): number {
  return patch.hunks.flatMap(({ lines }) => lines).filter((line) => line.startsWith(sign)).length;
}

/** The roles of the changes with the hosts that they run on, sorted. */
export function hostsByRole(changes: readonly Change[], effect: 'restart' | 'reload'): Map<string, string[]> {
  const hosts = new Map<string, Set<string>>();
  for (const change of changes) {
    for (const role of change[effect]) hosts.set(role, (hosts.get(role) ?? new Set()).add(change.host));
  }
  return new Map(
    [...hosts].sort(([a], [b]) => compare(a, b)).map(([role, names]) => [role, [...names].sort()]),
  );
}

function memoizePatch(): (change: Change) => Patch {
  const known = new Map<string, Map<string, Patch>>();
  return ({ before, after }) => {
    let patches = known.get(before);
    if (!patches) {
      patches = new Map();
      known.set(before, patches);
    }
    let patch = patches.get(after);
    if (!patch) {
      patch = toPatch(before, after);
      patches.set(after, patch);
    }
    return patch;
  };
}

function toPatch(before: string, after: string): Patch {
  const options = { context: 3, maxEditLength: MAX_EDIT_LENGTH };
  const patch = structuredPatch('before', 'after', before, after, undefined, undefined, options);
  const hunks = patch
    ? patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
        header: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
        lines,
      }))
    : [{ header: '@@ everything @@', lines: [...signed('-', before), ...signed('+', after)] }];
  const edit = hunks.flatMap(({ lines }) => lines.filter((line) => !line.startsWith(' '))).join('\n');
  return { hunks, edit };
}

function signed(sign: string, text: string): string[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => sign + line);
}
