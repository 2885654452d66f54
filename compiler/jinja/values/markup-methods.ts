import { Markup } from './markup.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

/** The str methods whose results markupsafe wraps. */
const WRAPPED = new Set(
  'join split rsplit splitlines capitalize title lower upper replace ljust rjust lstrip rstrip center strip translate expandtabs swapcase zfill casefold removeprefix removesuffix partition rpartition format format_map'.split(
    ' ',
  ),
);

/** The result of a str method of Markup: Markup again where markupsafe says so. */
export function markupResult(method: string, result: Value): Value {
  return WRAPPED.has(method) ? wrap(result) : result;
}

function wrap(result: Value): Value {
  if (typeof result === 'string') return new Markup(result);
  if (Array.isArray(result)) return result.map(wrap);
  return result instanceof Tuple ? new Tuple(result.items.map(wrap)) : result;
}
