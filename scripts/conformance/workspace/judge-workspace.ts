import type { Verdict } from '../compare.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

/** What the programs made of a workspace: Ansible twice, with different seeds of its hashes. */
export interface WorkspaceResults {
  readonly expected: WorkspaceResult;
  readonly again: WorkspaceResult;
  readonly actual: WorkspaceResult;
}

/** A file that Ansible renders otherwise; null where it is an error. */
interface DifferentFile {
  readonly expected: string | null;
  readonly actual: string | null;
}

const HOSTVARS =
  'a variable of another host that is undefined there: Ansible gives its template as text, ours is undefined';

/** Compares every file of every host, byte for byte; a file that one of them does not render, the other must not. */
export function judgeWorkspace(test: WorkspaceCase, results: WorkspaceResults): Verdict {
  const { expected, again, actual } = results;
  if (actual.error?.class === 'bug')
    return { is: 'different', difference: { kind: 'bug', cause: actual.error.message.slice(0, 60) } };
  if (actual.skip !== undefined)
    return { is: 'different', difference: { kind: 'hang', cause: actual.skip.slice(0, 40) } };
  if (expected.skip !== undefined || again.skip !== undefined) return { is: 'unstable' };
  if (JSON.stringify(expected.rendered) !== JSON.stringify(again.rendered)) return { is: 'unstable' };
  if (expected.error && actual.error) return { is: 'equal', sameMessage: false };
  if (expected.error)
    return { is: 'different', difference: { kind: 'accepts', cause: expected.error.class } };
  if (actual.error) return { is: 'different', difference: { kind: 'refuses', cause: actual.error.class } };
  const [file, ...others] = differentFiles(results);
  if (!file) return { is: 'equal', sameMessage: true };
  if ([file, ...others].every((one) => isUndefinedElsewhere(test, one)))
    return { is: 'explained', reason: HOSTVARS };
  const kind = file.expected === null ? 'accepts' : file.actual === null ? 'refuses' : 'output';
  return { is: 'different', difference: { kind, cause: 'a file' } };
}

/** The files that differ. */
function differentFiles({ expected, actual }: WorkspaceResults): DifferentFile[] {
  const [theirs, ours] = [expected.rendered ?? {}, actual.rendered ?? {}];
  const paths = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  return [...paths].flatMap((path) => {
    const [one, other] = [theirs[path] ?? null, ours[path] ?? null];
    return one === other ? [] : [{ expected: one, actual: other }];
  });
}

/** Hostvars are read, and Ansible leaves a template as text, or we say that something is undefined. */
function isUndefinedElsewhere({ files }: WorkspaceCase, { expected, actual }: DifferentFile): boolean {
  if (!Object.values(files).some((text) => text.includes('hostvars'))) return false;
  return expected !== null && (actual === null || /\{\{|\{%/u.test(expected));
}
