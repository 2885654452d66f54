import { textOf } from '../grammar/derive.ts';
import { INVENTORY } from '../grammar/inventory.ts';
import type { Random } from '../random.ts';

const DEPTH = 3;

/** A text of the grammar's symbol. */
export function derived(symbol: string, random: Random): string {
  return textOf(INVENTORY.derive(symbol, DEPTH, random));
}

/** An INI inventory: sections in any order and number. One in `wild` lines is none that Ansible reads; never where 0. */
export function iniText(random: Random, wild: number): string {
  const lines: string[] = [];
  const add = (symbol: string, odd: string): void => {
    lines.push(wild > 0 && random.oneIn(wild) ? derived(odd, random) : derived(symbol, random));
  };
  const several = (most: number, symbol: string, odd = 'oddline'): void => {
    for (let left = random.below(most + 1); left > 0; left--) add(symbol, odd);
  };
  several(2, 'iniline');
  for (let sections = 1 + random.below(5); sections > 0; sections--) {
    if (random.oneIn(4)) lines.push(derived('remark', random));
    const group = derived('group', random);
    const kind = random.below(6);
    if (kind < 3) {
      lines.push(`[${group}]`);
      several(3, 'iniline');
    } else if (kind < 5) {
      lines.push(`[${group}:vars]`);
      several(3, 'varline', 'oddvar');
    } else lines.push(`[${group}:children]`, ...children(group, random, wild));
  }
  if (!random.oneIn(8)) lines.push(...undeclared(lines));
  const end = random.oneIn(12) ? random.pick(['\r\n', '\r', '\n\n', '\u000b']) : '\n';
  return lines.join(end) + (random.oneIn(10) ? '' : end);
}

const GROUPS = ['core', 'app', 'web', 'db', 'g1', 'rack_1', 'prod.eu', 'a-b'];

/** Mostly groups that stand behind their parent in one order, so that there is no cycle. */
function children(parent: string, random: Random, wild: number): string[] {
  const below = GROUPS.slice(GROUPS.indexOf(parent) + 1);
  const orderly = wild === 0 || !random.oneIn(4);
  return Array.from({ length: 1 + random.below(3) }, () =>
    orderly && below.length > 0 ? random.pick(below) : derived('childline', random),
  );
}

/** Sections for the groups that have variables or parents only; Ansible wants them declared. */
function undeclared(lines: readonly string[]): string[] {
  const named = lines.flatMap(
    (line) => /^\[(\S+):vars\]$/u.exec(line)?.[1] ?? (GROUPS.includes(line) ? line : []),
  );
  return [...new Set(named)]
    .filter((group) => !lines.includes(`[${group}]`) && !lines.includes(`[${group}:children]`))
    .map((group) => `[${group}]`);
}
