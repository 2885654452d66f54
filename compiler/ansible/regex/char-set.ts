import type { Category, CharSet } from './node.ts';

const DIGIT = /^\p{Nd}$/u;
const WORD = /^[\p{L}\p{N}_]$/u;
const SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

/** Whether Python's `\w` takes a character. */
export function isWordCode(code: number, ascii: boolean): boolean {
  if (code < 128) {
    return (
      (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
    );
  }
  return !ascii && WORD.test(String.fromCodePoint(code));
}

function inCategory(code: number, category: Category, ascii: boolean): boolean {
  switch (category) {
    case 'd':
      return code < 128 || ascii ? code >= 48 && code <= 57 : DIGIT.test(String.fromCodePoint(code));
    case 's':
      return ascii ? code === 32 || (code >= 9 && code <= 13) : SPACE.test(String.fromCodePoint(code));
    case 'w':
      return isWordCode(code, ascii);
    case 'D':
      return !inCategory(code, 'd', ascii);
    case 'S':
      return !inCategory(code, 's', ascii);
    case 'W':
      return !inCategory(code, 'w', ascii);
  }
}

/** Whether a set takes a character. */
export function setHas(set: CharSet, code: number): boolean {
  return setHasPlain(set, code) !== set.negated;
}

function setHasPlain(set: CharSet, code: number): boolean {
  if (hasCode(set, code)) return true;
  if (!set.ignoreCase) return false;
  return caseVariants(code, set.ascii).some((variant) => variant !== code && hasCode(set, variant));
}

function hasCode(set: CharSet, code: number): boolean {
  for (const [first, last] of set.ranges) if (code >= first && code <= last) return true;
  for (const category of set.categories) if (inCategory(code, category, set.ascii)) return true;
  return false;
}

// Characters whose simple upper case is the same, which Python's IGNORECASE treats as one.
const SPECIAL: readonly (readonly number[])[] = [
  [0x69, 0x131],
  [0x73, 0x17f],
  [0xb5, 0x3bc],
  [0x345, 0x3b9, 0x1fbe],
  [0x3b2, 0x3d0],
  [0x3b5, 0x3f5],
  [0x3b8, 0x3d1],
  [0x3ba, 0x3f0],
  [0x3c0, 0x3d6],
  [0x3c1, 0x3f1],
  [0x3c2, 0x3c3],
  [0x3c6, 0x3d5],
  [0x1e61, 0x1e9b],
];

/** The characters that equal one where case is ignored. */
export function caseVariants(code: number, ascii: boolean): number[] {
  if (ascii) {
    if (code >= 65 && code <= 90) return [code, code + 32];
    return code >= 97 && code <= 122 ? [code, code - 32] : [code];
  }
  const char = String.fromCodePoint(code);
  const lower = single(char.toLowerCase()) ?? code;
  const all = new Set([code, lower, single(String.fromCodePoint(lower).toUpperCase()) ?? lower]);
  for (const same of SPECIAL) {
    if (!same.includes(lower)) continue;
    for (const other of same) all.add(other).add(single(String.fromCodePoint(other).toUpperCase()) ?? other);
  }
  return [...all];
}

function single(text: string): number | undefined {
  const code = text.codePointAt(0)!;
  return text.length === String.fromCodePoint(code).length ? code : undefined;
}

/** Whether two characters are equal where case is ignored. */
export function sameIgnoringCase(a: number, b: number): boolean {
  return a === b || caseVariants(a, false).includes(b);
}
