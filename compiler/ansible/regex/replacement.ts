import { type Regex, RegexError, type RegexMatch } from './regex.ts';

const ESCAPES = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

/** Reads a replacement of re.sub: `\1`, `\g<name>`, `\n` … @returns what stands for a match. */
export function parseReplacement(template: string, regex: Regex): (match: RegexMatch) => string {
  const parts: (string | number)[] = [];
  const at = /\\(?:g(<([^>]*)>)?|([1-9][0-9]?)|(0[0-7]{0,2})|([\s\S]))|\\$/g;
  let last = 0;
  for (let match = at.exec(template); match; match = at.exec(template)) {
    parts.push(template.slice(last, match.index));
    last = at.lastIndex;
    const [whole, bracketed, name, digits, zero, char] = match;
    if (whole === '\\') throw new RegexError('bad escape (end of pattern)', match.index);
    if (whole.startsWith('\\g')) parts.push(namedGroup(regex, bracketed, name, match.index));
    else if (zero !== undefined) parts.push(String.fromCharCode(Number.parseInt(zero, 8) & 0xff));
    else if (digits !== undefined) {
      const octal = /^[0-3]?[0-7][0-7]/.exec(template.slice(match.index + 1, match.index + 4))?.[0];
      if (octal?.length === 3) {
        parts.push(String.fromCharCode(Number.parseInt(octal, 8)));
        last = at.lastIndex = match.index + 4;
      } else parts.push(existing(regex, Number(digits), match.index + 1));
    } else parts.push(plainEscape(char!, match.index));
  }
  parts.push(template.slice(last));
  return (match) =>
    parts.map((part) => (typeof part === 'string' ? part : (match.groups[part] ?? ''))).join('');
}

function plainEscape(char: string, position: number): string {
  const known = ESCAPES.get(char);
  if (known !== undefined) return known;
  if (/[A-Za-z]/.test(char)) throw new RegexError(`bad escape \\${char}`, position);
  return `\\${char}`;
}

function namedGroup(
  regex: Regex,
  bracketed: string | undefined,
  name: string | undefined,
  position: number,
): number {
  if (bracketed === undefined) throw new RegexError('missing <', position + 2);
  if (name === undefined || name === '') throw new RegexError('missing group name', position + 3);
  if (/^[0-9]+$/.test(name)) return existing(regex, Number(name), position + 3);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    throw new RegexError(`bad character in group name '${name}'`, position + 3);
  try {
    return regex.groupIndex(name);
  } catch {
    throw new RegexError(`unknown group name '${name}'`);
  }
}

function existing(regex: Regex, index: number, position: number): number {
  if (index > regex.groupCount) throw new RegexError(`invalid group reference ${index}`, position);
  return index;
}
