const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/;

/** The regular expression, of Python's kind, that a pattern of Python's fnmatch stands for. */
export function globRegex(pattern: string): string {
  const chars = [...pattern];
  let regex = '';
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    const end = char === '[' ? endOfClass(chars, at + 1) : -1;
    if (end !== -1) {
      regex += classRegex(chars.slice(at + 1, end).join(''));
      at = end;
    } else if (char === '*') regex += regex.endsWith('.*') ? '' : '.*';
    else if (char === '?') regex += '.';
    else regex += SPECIAL.test(char) ? `\\${char}` : char;
  }
  return `(?s:${regex})\\Z`;
}

/** Where the bracket is closed; -1 where it is not, and stands for itself. */
function endOfClass(chars: readonly string[], start: number): number {
  let at = start;
  if (chars[at] === '!') at++;
  return chars.indexOf(']', chars[at] === ']' ? at + 1 : at);
}

function classRegex(inside: string): string {
  const text = (inside.includes('-') ? withRanges(inside) : inside.replaceAll('\\', '\\\\')).replace(
    /[&~|]/g,
    '\\$&',
  );
  if (text === '') return '(?!)';
  if (text === '!') return '.';
  if (text.startsWith('!')) return `[^${text.slice(1)}]`;
  return text.startsWith('^') || text.startsWith('[') ? `[\\${text}]` : `[${text}]`;
}

/** What stands before, between and behind the hyphens of ranges; a range that ends before it begins is left out. */
function withRanges(inside: string): string {
  const chunks: string[] = [];
  let start = 0;
  let hyphen = inside.indexOf('-', inside.startsWith('!') ? 2 : 1);
  while (hyphen !== -1) {
    chunks.push(inside.slice(start, hyphen));
    start = hyphen + 1;
    hyphen = inside.indexOf('-', hyphen + 3);
  }
  const last = inside.slice(start);
  if (last !== '') chunks.push(last);
  else chunks.push(`${chunks.pop() ?? ''}-`);
  for (let at = chunks.length - 1; at > 0; at--) {
    const [lower, upper] = [chunks[at - 1]!, chunks[at]!];
    if (lower.at(-1)! <= upper[0]!) continue;
    chunks.splice(at - 1, 2, lower.slice(0, -1) + upper.slice(1));
  }
  return chunks.map((chunk) => chunk.replaceAll('\\', '\\\\').replaceAll('-', '\\-')).join('-');
}
