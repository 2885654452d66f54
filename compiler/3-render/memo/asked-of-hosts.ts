import type { HostVars } from '../../2-resolve/inventory.ts';
import type { Value } from '../../jinja/jinja.ts';
import { UNKNOWN, ValueNumbers } from './value-numbers.ts';

/**
 * What the renders of a cluster asked of hosts through `hostvars`: by host, then by variable, a text that tells its value
 * from all others; null where none does. The empty name stands for the names of all of its variables.
 */
export type AskedOfHosts = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

/** The name that stands for the names of all variables. */
export const ALL_NAMES = '';

/** What was asked in one compile or in another. */
export function bothAsked(one: AskedOfHosts, other: AskedOfHosts): AskedOfHosts {
  const both = { ...one };
  for (const [host, asked] of Object.entries(other)) both[host] = { ...both[host], ...asked };
  return both;
}

/** Whether a host answers all that was asked of it as it did then. */
export function answersAsBefore({ host, vars }: HostVars, asked: AskedOfHosts): boolean {
  if (!Object.hasOwn(asked, host)) return true;
  const values = new ValueNumbers();
  const textOf = (value: Value | undefined) => answerText(values, values.of(value));
  return Object.entries(asked[host]!).every(([name, text]) => {
    const value = name === ALL_NAMES ? [...vars.keys()] : vars.get(name)?.value;
    return text !== null && textOf(value) === text;
  });
}

/** A text of the value of a number. */
export function answerText({ texts }: ValueNumbers, number: number): string | null {
  return number === UNKNOWN ? null : texts[number]!;
}
