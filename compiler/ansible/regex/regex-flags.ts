/** What changes the meaning of a pattern. */
export interface RegexFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

/** Flags with the letters of `(?on-off)` switched. */
export function withFlags(flags: RegexFlags, on: string, off: string): RegexFlags {
  const is = (letter: string, before: boolean) => (on.includes(letter) || before) && !off.includes(letter);
  return {
    ignoreCase: is('i', flags.ignoreCase),
    multiline: is('m', flags.multiline),
    dotAll: is('s', flags.dotAll),
    verbose: is('x', flags.verbose),
    ascii: on.includes('u') ? false : is('a', flags.ascii),
  };
}
