import { Float } from '../../jinja/values/float.ts';
import type { Value } from '../../jinja/values/value.ts';
import { PyComplex } from '../values/odd-literal.ts';
import { type LiteralCursor, LiteralFailure } from './cursor.ts';

const FLOAT =
  /(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const INT = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?[0-9])*|0(?:_?0)*/y;
/** Python reads no longer decimal text as an int. */
const LONGEST = 4300;

/** Reads one of Python's numbers, which begins at the cursor with a digit or a point. */
export function readNumber(cursor: LiteralCursor): Value {
  const float = match(FLOAT, cursor);
  const int = match(INT, cursor);
  const text = int.length >= float.length ? int : float;
  cursor.at += text.length;
  const next = cursor.text[cursor.at] ?? '';
  if (/[jJ]/.test(next)) {
    cursor.at++;
    if (/^0[xob]/i.test(text) || /[A-Za-z0-9_.]/.test(cursor.text[cursor.at] ?? ''))
      throw new LiteralFailure('no literal', 'invalid imaginary literal');
    return new PyComplex(0, Number(text.replaceAll('_', '')));
  }
  if (/[A-Za-z0-9_]/.test(next)) throw new LiteralFailure('no literal', 'invalid decimal literal');
  const digits = text.replaceAll('_', '');
  if (text !== int) {
    if (/^[0-9]+$/.test(digits))
      throw new LiteralFailure('no literal', 'leading zeros in decimal integer literals');
    return new Float(Number(digits));
  }
  if (/^[0-9]/.test(digits) && !/^0[xob]/i.test(digits) && digits.length > LONGEST) {
    throw new LiteralFailure('no literal', 'Exceeds the limit (4300 digits) for integer string conversion');
  }
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

function match(pattern: RegExp, cursor: LiteralCursor): string {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text)?.[0] ?? '';
}
