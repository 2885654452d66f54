import { Dict, Float, type Value } from '../../jinja/jinja.ts';
import { UnsafeText } from './unsafe-text.ts';

/** Deeper than this, and Python reads no text back. */
const LEVELS = 50;

/** A template that becomes what a variable is; of any other one comes a text, or what is read from one. */
const SINGLE_VARIABLE = /^\{\{\s*[\p{L}\p{N}_]*\s*\}\}\n?$/u;
/** A number in a text that is read may be beyond all bounds. */
const HUGE_NUMBER = /\de\+?\d{3}|\d{300}/iu;

/**
 * Whether a value as it is written in a file, to any depth, is read back by Python from the text that it prints for it.
 * Dates, infinities and NaN are not; a template is not taken for it where it may become one.
 */
export function isLiteral(value: Value, level = 0): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return !SINGLE_VARIABLE.test(value) && !HUGE_NUMBER.test(value);
  if (value instanceof Float) return Number.isFinite(value.value);
  if (value instanceof UnsafeText) return true;
  if (level > LEVELS) return false;
  if (Array.isArray(value)) return value.every((item) => isLiteral(item, level + 1));
  return (
    value instanceof Dict &&
    [...value].every(([key, item]) => isLiteral(key, level + 1) && isLiteral(item, level + 1))
  );
}
