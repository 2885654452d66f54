import { UnsafeText } from '../ansible/values/unsafe-text.ts';
import { Float } from '../jinja/values/float.ts';
import { parseIntText } from '../jinja/values/numbers.ts';
import type { Value } from '../jinja/values/value.ts';

/** Python's int() of a value. */
export function wholeNumber(value: Value): number | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (value instanceof Float) return Number.isFinite(value.value) ? Math.trunc(value.value) : undefined;
  if (typeof value === 'bigint') return Number(value);
  const text = value instanceof UnsafeText ? value.text : value;
  if (typeof text !== 'string' || text.length > 100) return undefined;
  const whole = parseIntText(text);
  return whole === undefined ? undefined : Number(whole);
}
