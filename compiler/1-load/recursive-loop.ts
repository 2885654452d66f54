import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';

const RECURSIVE = 'creates a recursive dependency loop';

/** Ansible's words where a group is made the child of one below it. */
export function recursiveLoop(parent: string, child: string): string {
  return `Adding group '${child}' as child to '${parent}' ${RECURSIVE}`;
}

/** The error where `all` was made the child of a group: Ansible ends with it once every source is read, not before. */
export function loopThroughAll(parent: string, child: string): string | undefined {
  return child === 'all' ? recursiveLoop(parent, child) : undefined;
}

/** A loop that no line is the reason of: told at the start of a file, unless one of the lines has been told of it. */
export function unreportedLoop(
  file: string,
  loop: string | undefined,
  reported: readonly Diagnostic[],
): Diagnostic[] {
  if (loop === undefined || reported.some(({ message }) => message.endsWith(RECURSIVE))) return [];
  const hint = 'give the host and the group two names';
  return [diagnose('load/bad-inventory', { place: { file, line: 1, column: 1 }, message: loop, hint })];
}
