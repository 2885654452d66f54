import type { Grammar } from '../../conformance/grammar/derive.ts';

/**
 * The names of generated workspaces, by what they hold. They are few, so that a line of one file is read in many ways by
 * others, and that a word of another place is a name too.
 */
export const NAMES: Grammar = {
  num: ['n1', 'n2', 'n3'],
  word: ['w1', 'w2', 'w3'],
  flag: ['f1', 'f2', 'f3'],
  list: ['l1', 'l2'],
  map: ['2×m1', '2×m2', 'm3'],
  /** Its value is a key of the mappings. */
  pick: ['k1', 'k2'],
  /** Its value is the name of a variable. */
  ref: ['r1', 'r2'],
  /** Not everywhere, or nowhere. */
  maybe: ['u1', 'u2', 'ghost'],
  /** Named by the parts of `m4` alone, which is read with a default alone: where one is gone, nothing else fails. */
  side: ['s1', 's2'],
  scalar: ['«num»', '«word»', '«flag»', '«pick»', '«maybe»'],
  variable: ['2×«scalar»', '«list»', '2×«map»'],
  key: ['x', 'y', 'z'],
  group: ['g1', 'g2', 'g3', 'top'],
  host: [
    'inventory_hostname',
    "groups['all'][0]",
    "(groups['«group»'] | default(groups['all']))[-1]",
    "(groups['all'] | sort)[0]",
  ],
};

/** Every variable, by the symbol of what it holds. */
export const VARIABLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    number: ['n1', 'n2', 'n3'],
    text: ['w1', 'w2', 'w3'],
    truth: ['f1', 'f2', 'f3'],
    items: ['l1', 'l2'],
    mapping: ['m1', 'm2', 'm3'],
    keyname: ['k1', 'k2'],
    reference: ['r1', 'r2'],
    anything: ['u1', 'u2'],
    sidetext: ['s1', 's2'],
    sides: ['m4'],
  }).flatMap(([symbol, names]) => names.map((name) => [name, symbol] as const)),
);
