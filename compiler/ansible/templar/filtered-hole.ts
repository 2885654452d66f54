import type { Value } from '../../jinja/jinja.ts';
import { HoleText, refuseHoles } from '../values/hole-text.ts';

/** Filters that hand on what they get and look at no text: how many of their arguments may hold a hole, the context counted. */
const CARRIERS: ReadonlyMap<string, number> = new Map([
  ['default', 2],
  ['d', 2],
  // It compares keys, which no hole is; values compared refuse themselves.
  ['dictsort', 1],
  ['dict2items', 1],
  ['items', 1],
  ['list', 1],
  ['first', 2],
  ['last', 2],
  // It compares mappings of the same keys and items of lists, as `==` and `in` do.
  ['combine', Number.POSITIVE_INFINITY],
]);

/** What a filter gives for a hole, where its own body cannot; has the work refused where it may not get one. */
export function filteredHole(filter: string, args: readonly unknown[]): Value | undefined {
  const [first] = args;
  if (first instanceof HoleText && (filter === 'e' || filter === 'escape')) {
    for (const arg of args.slice(1)) refuseHoles(arg);
    return first.escaped();
  }
  for (let index = CARRIERS.get(filter) ?? 0; index < args.length; index++) refuseHoles(args[index]);
  return undefined;
}

/** Tests of a type, which all texts answer alike. */
const OF_TYPE: ReadonlySet<string> = new Set([
  'boolean',
  'string',
  'number',
  'integer',
  'float',
  'mapping',
  'none',
]);

/** What a test gets in place of its arguments: of a hole a text like it; has the work refused where it may get none. */
export function testedHole(test: string, args: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = args;
  if (!(first instanceof HoleText) || !OF_TYPE.has(test)) {
    for (const arg of args) refuseHoles(arg);
    return args;
  }
  for (const arg of rest) refuseHoles(arg);
  return [first.likeness, ...rest];
}
