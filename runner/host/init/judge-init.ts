import type { Place } from './place.ts';

/** Whether an act may go ahead: `done` where it was done before. */
export type InitVerdict =
  | { readonly kind: 'go' | 'done' }
  /** One sentence a problem. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/**
 * Judges what an act of `init` would meet. It goes ahead where all that it fills is empty and all that it needs is
 * formatted; it has been done where all that it fills is formatted. Anything between is a person's to sort out, who alone
 * knows which of the copies is the good one.
 */
export function judgeInit({
  fills,
  needs,
}: {
  fills: readonly Place[];
  needs: readonly Place[];
}): InitVerdict {
  const problems = [
    ...[...fills, ...needs].flatMap(problemOf),
    ...needs.flatMap(({ path, state }) =>
      state === 'empty' ? `${path} is empty, and must be formatted before` : [],
    ),
    ...mixtureOf(fills),
    ...strangersOf([...fills, ...needs]),
  ];
  if (problems.length > 0) return { kind: 'refused', problems };
  const isDone = fills.length > 0 && fills.every(({ state }) => state === 'formatted');
  return { kind: isDone ? 'done' : 'go' };
}

function problemOf({ path, state, lacks }: Place): string[] {
  switch (state) {
    case 'missing':
      return [`${path} is missing; khp-runner apply makes it, once it is mounted where it must be`];
    case 'unmounted':
      return [`${path} is no mount point; mount its disk first`];
    case 'half':
      return [`${path} holds something, but not ${lacks.join(', ')}; look at it, and empty it by hand`];
    default:
      return [];
  }
}

function mixtureOf(fills: readonly Place[]): string[] {
  const formatted = fills.filter(({ state }) => state === 'formatted');
  const empty = fills.filter(({ state }) => state === 'empty');
  if (formatted.length === 0 || empty.length === 0) return [];
  const [some, none] = [formatted, empty].map((places) => places.map(({ path }) => path).join(', '));
  return [`${some} formatted, ${none} empty; copy the one to the other by hand, or empty them all`];
}

/** Formatted directories of one role belong to one namespace. */
function strangersOf(places: readonly Place[]): string[] {
  const [first, ...others] = places.filter(({ state }) => state === 'formatted');
  if (!first) return [];
  return others.flatMap(({ path, identity }) => {
    const keys = Object.keys(identity).filter((key) => first.identity[key] !== undefined);
    const other = keys.find((key) => identity[key] !== first.identity[key]);
    if (other === undefined) return [];
    return `${path} has the ${other} ${identity[other]}, ${first.path} has ${first.identity[other]}`;
  });
}
