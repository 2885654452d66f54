import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Component } from './component.ts';

/**
 * Finds the sums that nothing limits, and that would hold whatever they are. `max` may stand in the rule of one name of
 * any component.
 */
export function checkSums(components: Iterable<Component>): Diagnostic[] {
  const sums = [...components].flatMap(({ rules }) =>
    Object.entries(rules?.content ?? {})
      .filter(([, rule]) => rule.sum !== undefined)
      .map(([name, { max }]) => ({ name, max, place: rules!.placeOf([name]) })),
  );
  const limited = new Set(sums.filter(({ max }) => max !== undefined).map(({ name }) => name));
  return sums
    .filter(({ name }) => !limited.has(name))
    .map(({ name, place }) =>
      diagnose('load/wrong-type', {
        place,
        message: `\`${name}\` must be a sum with \`max\`, here or in the rule \`${name}\` of another component`,
      }),
    );
}
