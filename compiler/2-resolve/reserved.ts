import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { INTERNAL_VARS } from './internal-vars.ts';
import type { Vars } from './layer.ts';

/** What khp sets for every host; a value of a file or an inventory would lose against it. */
const RESERVED = [
  'cluster',
  'cluster_type',
  'release',
  'khp_release',
  'groups',
  'group_names',
  'hostvars',
  'inventory_hostname',
  'inventory_hostname_short',
] as const;

/** Whether khp or Ansible sets a variable of this name itself. */
export function isReserved(name: string): boolean {
  return (RESERVED as readonly string[]).includes(name) || INTERNAL_VARS.has(name);
}

/** The values that khp sets too, by name: to write the same is no mistake. */
export type Reserved = Partial<Record<(typeof RESERVED)[number], string | undefined>>;

/** A diagnostic for every setting of a layer that khp would overrule with another value. */
export function reservedProblems(vars: Vars, same: Reserved): Diagnostic[] {
  const set = RESERVED.filter((name) => vars.has(name));
  return set.flatMap((name) => {
    const variable = vars.get(name)!;
    if (name in same && (variable.value === same[name] || same[name] === undefined)) return [];
    const message = `\`${name}\` is a variable that khp sets itself`;
    const hint =
      name === 'release' ? 'set `release` in <cluster>.yml only: it holds for a whole cluster' : undefined;
    return variable.settings.map(({ place }) =>
      diagnose('resolve/reserved-variable', { place, message, ...(hint && { hint }) }),
    );
  });
}
