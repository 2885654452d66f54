import { pyFunction } from './function.ts';
import { asText } from './numbers.ts';
import { isPrintable, isSpace } from './text.ts';
import type { Value } from './value.ts';

/** True when the text isn't empty and each code point fits. */
function every(test: (char: string) => boolean) {
  return pyFunction('/', (self: Value) => {
    const text = asText(self)!;
    if (text === '') return false;
    for (const char of text) if (!test(char)) return false;
    return true;
  });
}

const CASED = /\p{Lu}|\p{Ll}|\p{Lt}|\p{Lowercase}|\p{Uppercase}/u;
const NUMERIC =
  /\p{N}|[\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e24\u4e5d\u4e8c\u4e94\u516b\u516d\u5341\u56db\u767e\u5343\u842c\u96f6]/u;
const DIGIT =
  /\p{Nd}|[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792]/u;
const IDENTIFIER = /^[_\p{XID_Start}][\p{XID_Continue}]*$/u;

/** str.islower: some cased letter, and none that isn't lower case. */
export function isLower(text: string): boolean {
  return isCased(text, /\p{Lowercase}/u);
}

/** str.isupper. */
export function isUpper(text: string): boolean {
  return isCased(text, /\p{Uppercase}/u);
}

function isCased(text: string, wanted: RegExp): boolean {
  let found = false;
  for (const char of text) {
    if (!CASED.test(char)) continue;
    if (!wanted.test(char)) return false;
    found = true;
  }
  return found;
}

function isTitle(text: string): boolean {
  let found = false;
  let inWord = false;
  for (const char of text) {
    const big = /\p{Uppercase}|\p{Lt}/u.test(char);
    const cased = big || /\p{Lowercase}/u.test(char);
    if (cased && big === inWord) return false;
    found ||= cased;
    inWord = cased;
  }
  return found;
}

/** The `is…` methods of str. */
export const STRING_PREDICATES = {
  isalnum: every((char) => /\p{L}/u.test(char) || NUMERIC.test(char)),
  isalpha: every((char) => /\p{L}/u.test(char)),
  isascii: pyFunction('/', (self: Value) => /^[\x00-\x7f]*$/.test(asText(self)!)),
  isdecimal: every((char) => /\p{Nd}/u.test(char)),
  isdigit: every((char) => DIGIT.test(char)),
  isidentifier: pyFunction('/', (self: Value) => IDENTIFIER.test(asText(self)!)),
  islower: pyFunction('/', (self: Value) => isLower(asText(self)!)),
  isnumeric: every((char) => NUMERIC.test(char)),
  isprintable: pyFunction('/', (self: Value) => Array.from(asText(self)!).every(isPrintable)),
  isspace: every(isSpace),
  istitle: pyFunction('/', (self: Value) => isTitle(asText(self)!)),
  isupper: pyFunction('/', (self: Value) => isUpper(asText(self)!)),
};
