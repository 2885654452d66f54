import type { Random } from '../random.ts';
import { derived } from './ini-text.ts';

/** A file of variables: a mapping, and sometimes another thing. One in `wild` values is an odd one; none where 0. */
export function varsText(random: Random, wild: number): string {
  if (wild > 0 && random.oneIn(24)) return random.pick(ODD_FILES);
  const start = random.oneIn(6) ? '---\n' : '';
  return start + mapping(random, '', wild) + (random.oneIn(20) ? '...\n' : '');
}

const ODD_FILES = [
  '',
  '# nothing\n',
  '---\n',
  '- a\n- b\n',
  'x\n',
  '1\n',
  '[]\n',
  '{}\n',
  'a: 1\n---\nb: 2\n',
  '{"a": {"b": [1, 2.50, null]}}\n',
  'a: 1\n b: 2\n',
  '\ta: 1\n',
  '%YAML 1.1\n---\na: 1\n',
  '%YAML 1.2\n---\na: yes\n',
  '\ufeffa: 1\n',
  'a: *x\n',
  '<<: {a: 1}\nb: 2\n',
  '{a: 1, b: }\n',
  '? a\n: 1\n',
  'null\n',
  '"a": 1\n...\n',
];

/** Variables in the block style, with an anchor and what refers to it now and then. */
function mapping(random: Random, indent: string, wild: number): string {
  const odd = () => wild > 0 && random.oneIn(wild);
  const lines: string[] = [];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const name = odd() ? derived('varname', random) : random.pick(['a', 'b', 'c', 'm', 'm2']);
    lines.push(`${indent}${name}:${valueText(random, indent, odd() ? 'odd' : 'plain')}`);
  }
  if (odd()) lines.push(`${indent}base: &base {a: 1, m: {x: 1}}`, `${indent}more: {<<: *base, b: 2}`);
  if (odd()) lines.push(`${indent}again: &again`, `${indent}  - 1`, `${indent}twice: [*again, *again]`);
  return lines.map((line) => `${line}\n`).join('');
}

/** A value behind a colon: on the line, or as a block below it. */
function valueText(random: Random, indent: string, kind: 'plain' | 'odd'): string {
  const deeper = `${indent}  `;
  if (kind === 'odd') return ` ${derived('yaml', random).replaceAll('$INDENT', deeper)}`;
  const form = random.below(8);
  if (form === 0)
    return `\n${deeper}x: ${random.below(3)}\n${deeper}${random.pick(['y', 'z'])}: {d: ${random.below(3)}}`;
  if (form === 1)
    return `\n${random.oneIn(2) ? indent : deeper}- ${random.below(3)}\n${random.oneIn(1) ? '' : ''}`.trimEnd();
  if (form === 2) return ` {x: ${random.below(3)}, ${random.pick(['y', 'z'])}: {d: ${random.below(3)}}}`;
  if (form === 3) return ` [${random.below(3)}, ${random.pick(['a', '{k: 1}', '[]'])}]`;
  return ` ${random.pick(['1', 'x', '"07"', '07', 'yes', '"{{ a }}"', '1.50', '~', '""', "'x y'"])}`;
}

const GROUPS = ['all', 'web', 'db', 'app', 'core', 'g1'];

/** A YAML inventory. */
export function yamlInventory(random: Random, wild: number): string {
  if (wild > 0 && random.oneIn(30)) return random.pick(ODD_FILES);
  const used = new Set<string>();
  const tops = Array.from({ length: 1 + random.below(2) }, () => {
    const name = random.oneIn(2) ? 'all' : groupName(random, wild);
    if (used.has(name) && !(wild > 0 && random.oneIn(6))) return '';
    used.add(name);
    return `${name}:${group(random, '', { wild, depth: 0 })}`;
  });
  return (random.oneIn(4) ? '---\n' : '') + tops.join('');
}

interface Level {
  readonly wild: number;
  readonly depth: number;
}

function groupName(random: Random, wild: number): string {
  return wild > 0 && random.oneIn(wild) ? derived('group', random) : random.pick(GROUPS);
}

/** What stands behind a group's name, up to the end of the line after it. */
function group(random: Random, indent: string, level: Level): string {
  const { wild, depth } = level;
  const odd = (more = 1) => wild > 0 && random.oneIn(wild * more);
  if (random.oneIn(8)) return random.pick(['\n', ' {}\n', ' ~\n', ' null\n']);
  if (odd(2)) return ` ${derived('yaml', random).replaceAll('$INDENT', `${indent}  `)}\n`;
  const deeper = `${indent}  `;
  const inner = `${deeper}  `;
  const sections = ['hosts', 'vars', ...(depth < 3 ? ['children'] : [])].filter(() => !random.oneIn(3));
  if (odd(2)) sections.push(derived('strangekey', random));
  if (odd(3) && sections.length > 0) sections.push(sections[0]!);
  if (random.oneIn(2)) sections.reverse();
  const lines = sections.map((section) => {
    if (odd()) return `${deeper}${section}: ${derived('yaml', random).replaceAll('$INDENT', inner)}\n`;
    if (random.oneIn(9)) return `${deeper}${section}:${random.pick(['\n', ' {}\n', ' h1\n', ' ~\n'])}`;
    if (section === 'children') {
      const names = [...new Set(Array.from({ length: 1 + random.below(2) }, () => groupName(random, wild)))];
      const below = names.filter((name) => odd() || GROUPS.indexOf(name) > depth);
      return below.length === 0
        ? ''
        : `${deeper}children:\n${below.map((name) => `${inner}${name}:${group(random, inner, { wild, depth: depth + 1 })}`).join('')}`;
    }
    if (section === 'hosts') return `${deeper}hosts:\n${hosts(random, inner, wild)}`;
    const priority = random.oneIn(6)
      ? `${inner}ansible_group_priority: ${derived('priority', random)}\n`
      : '';
    return `${deeper}${section}:\n${priority}${mapping(random, inner, wild)}`;
  });
  return lines.join('') === '' ? '\n' : `\n${lines.join('')}`;
}

function hosts(random: Random, indent: string, wild: number): string {
  const lines = Array.from({ length: 1 + random.below(3) }, () => {
    const odd = wild > 0 && random.oneIn(wild);
    const host = odd
      ? derived('pattern', random)
      : random.pick(['h1', 'h2', 'h3', 'n[1:2].x', 'h2:22', 'h[01:03]']);
    const key = random.oneIn(12) ? `"${host}"` : host;
    if (random.oneIn(3)) return `${indent}${key}:\n${mapping(random, `${indent}  `, wild)}`;
    return `${indent}${key}:${random.pick(['', '', ' {}', ' ~', ' {a: 1}', ' {m: {x: 2}, b: yes}', odd ? ' x' : '', odd ? ' []' : ''])}\n`;
  });
  return lines.join('');
}
