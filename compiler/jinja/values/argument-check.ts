import type { Keywords, Value } from './value.ts';

/**
 * Looks at the arguments of functions and methods before they are called, while a render asks for it: for values that
 * no function may get, not even within a list. Rendering is synchronous, so one record serves all.
 */
export const argumentCheck: { refuse: ((value: Value) => void) | undefined } = { refuse: undefined };

/** Has what a function or method is given looked at. */
export function checkArguments(args: readonly Value[], keywords: Keywords | undefined): void {
  const { refuse } = argumentCheck;
  if (!refuse) return;
  for (const arg of args) refuse(arg);
  for (const arg of keywords?.values() ?? []) refuse(arg);
}
