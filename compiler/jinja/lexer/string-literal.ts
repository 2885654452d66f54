const SIMPLE: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE =
  /\\(?:x([\da-fA-F]{0,2})|u([\da-fA-F]{0,4})|U([\da-fA-F]{0,8})|([0-7]{1,3})|N(\{[^}]*\})?|([\s\S]))/gu;

/** A string's escapes can't be read; the message is Python's. */
export class EscapeError extends Error {}

/**
 * The text between a string's quotes with Python's escapes resolved, as the unicode-escape codec does.
 * @throws EscapeError
 */
export function unescapeString(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole, x, u, U, octal, name, other) => {
    if (x !== undefined) return hex(x, 2, 'truncated \\xXX escape');
    if (u !== undefined) return hex(u, 4, 'truncated \\uXXXX escape');
    if (U !== undefined) return hex(U, 8, 'truncated \\UXXXXXXXX escape');
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (whole.startsWith('\\N')) {
      if (name === undefined) throw new EscapeError('malformed \\N character escape');
      throw new EscapeError('names of Unicode characters (\\N{...}) are not supported, use \\uXXXX');
    }
    return SIMPLE[other] ?? (other > '\x7f' ? codecEscape(other) : whole);
  });
}

function hex(digits: string, width: number, problem: string): string {
  if (digits.length < width) throw new EscapeError(problem);
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) throw new EscapeError('illegal Unicode character');
  return String.fromCodePoint(code);
}

// Jinja encodes what isn't ASCII as escapes first, so a backslash before such a character escapes the escape.
function codecEscape(char: string): string {
  const code = char.codePointAt(0)!;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
