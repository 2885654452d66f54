import { EXIT, remark } from './console.ts';

/** Says that a command, or an option of it, is not part of this version; returns the exit code of wrong usage. */
export function notYet(what: string): number {
  remark(`khp: ${what}: not yet`);
  return EXIT.usage;
}
