import { LOOP } from '../../../compiler/ansible/templar/evaluation.ts';
import { UNDEFINED_THERE } from '../../../compiler/ansible/templar/for-others.ts';
import { NO_VARS } from '../../../compiler/ansible/values/all-vars.ts';
import type { Verdict } from '../compare.ts';
import type { Answers } from '../run-cases.ts';
import type { WorkspaceResult } from './workspace-case.ts';

/** A file that Ansible renders otherwise; null where it is an error. */
interface DifferentFile {
  readonly path: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

/** Why a file is refused that Ansible renders, by how the error begins. */
const REASONS: Readonly<Record<string, string>> = {
  [UNDEFINED_THERE]:
    'a value of hostvars that is undefined on its host is refused where it is used; Ansible writes its template into the file',
  [NO_VARS]: '`vars` is refused: it holds all variables as they are written',
};

const LOOP_UNSEEN =
  'a loop among the variables of another host is refused; Ansible comes to something undefined before it, and writes the template into the file';

/** Compares every file of every host, byte for byte; a file that one of them does not render, the other must not. */
export function judgeWorkspace(results: Answers<WorkspaceResult>): Verdict {
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
  const reasons = [file, ...others].map((one) =>
    one.actual === null ? reasonOf(actual.refused?.[one.path] ?? '', one) : undefined,
  );
  if (reasons.every((reason) => reason !== undefined))
    return { is: 'explained', reason: [...new Set(reasons)].sort().join('; ') };
  const kind = file.expected === null ? 'accepts' : file.actual === null ? 'refuses' : 'output';
  return { is: 'different', difference: { kind, cause: 'a file' } };
}

/** The files that differ. */
function differentFiles({ expected, actual }: Answers<WorkspaceResult>): DifferentFile[] {
  const [theirs, ours] = [expected.rendered ?? {}, actual.rendered ?? {}];
  const paths = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  return [...paths].flatMap((path) => {
    const [one, other] = [theirs[path] ?? null, ours[path] ?? null];
    return one === other ? [] : [{ path, expected: one, actual: other }];
  });
}

function reasonOf(message: string, { expected }: DifferentFile): string | undefined {
  if (message.startsWith(LOOP)) return expected?.includes('{{') ? LOOP_UNSEEN : undefined;
  return Object.entries(REASONS).find(([start]) => message.startsWith(start))?.[1];
}
