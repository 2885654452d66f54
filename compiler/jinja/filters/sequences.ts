import { FilterArgumentError, PythonError, typeError } from '../errors.ts';
import { step, steps, willHold } from '../limits.ts';
import type { Context } from '../runtime/context.ts';
import { refused } from '../runtime/namespace.ts';
import { Undefined } from '../runtime/undefined.ts';
import { flag, intFlag } from '../values/arguments.ts';
import { compare, same, sorted } from '../values/compare.ts';
import { Dict } from '../values/dict.ts';
import { contextFunction, pyFunction } from '../values/function.ts';
import {
  isMapping,
  iterate,
  iterateOrUndefined,
  length,
  mappingItems,
  toArray,
  typeName,
} from '../values/inspect.ts';
import { Lazy } from '../values/lazy.ts';
import { Markup } from '../values/markup.ts';
import { asText, divmodInt, wantIndex } from '../values/numbers.ts';
import { add } from '../values/operators.ts';
import { Range } from '../values/range.ts';
import { DictView } from '../values/set.ts';
import { itemOf } from '../values/slice.ts';
import { Tuple } from '../values/tuple.ts';
import { PyObject, type Value } from '../values/value.ts';
import { attributeReader, attributesReader, ignoreCase } from './attributes.ts';

/** The names of what groupby gives. */
const GROUP = ['grouper', 'list'];

function* batches(value: Value, size: number, fill: Value | undefined): Iterable<Value> {
  let batch: Value[] = [];
  for (const item of iterate(value)) {
    step();
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  if (fill !== undefined && fill !== null && batch.length < size) {
    willHold(size);
    while (batch.length < size) batch.push(fill);
  }
  yield batch;
}

function* slices(value: Value, count: number, fill: Value | undefined): Iterable<Value> {
  const items = toArray(value);
  if (count === 0) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero');
  const [each, extra] = divmodInt(items.length, count) as [number, number];
  let offset = 0;
  for (let number = 0; number < count; number++) {
    step();
    const start = offset + number * each;
    if (number < extra) offset++;
    const slice = items.slice(start, offset + (number + 1) * each);
    if (fill !== undefined && fill !== null && number >= extra) slice.push(fill);
    yield slice;
  }
}

function dictSort(
  value: Value,
  caseSensitive: Value | undefined,
  by: Value,
  reverse: Value | undefined,
): Value {
  const side = asText(by) === 'key' ? 0 : asText(by) === 'value' ? 1 : undefined;
  if (side === undefined) throw new FilterArgumentError('You can only sort by either "key" or "value"');
  const items = itemsOf(value).map((pair) => new Tuple(pair));
  const key = (item: Tuple) => (flag(caseSensitive) ? item.items[side]! : ignoreCase(item.items[side]!));
  return sorted(items, key, intFlag(reverse));
}

/** The pairs of `value.items()`. */
function itemsOf(value: Value): [Value, Value][] {
  if (value instanceof Undefined) value.fail();
  if (!isMapping(value))
    throw new PythonError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  return [...mappingItems(value)];
}

function* pairs(value: Value): Iterable<Value> {
  if (value instanceof Undefined) return;
  if (!isMapping(value)) throw typeError('Can only get item pairs from a mapping.');
  for (const pair of mappingItems(value)) {
    step();
    yield new Tuple(pair);
  }
}

function extreme(
  context: Context,
  value: Value,
  options: { sensitive?: Value; attribute?: Value; greatest: boolean },
) {
  const { environment } = context;
  const after = flag(options.sensitive) ? undefined : ignoreCase;
  const read = attributeReader(environment, options.attribute ?? null, { after });
  let best: { item: Value; key: Value } | undefined;
  for (const item of iterate(value)) {
    step();
    const key = read(item);
    if (best === undefined || compare(key, best.key, options.greatest ? '>' : '<')) best = { item, key };
  }
  return best ? best.item : environment.undefined({ hint: 'No aggregated item, sequence was empty.' });
}

function extremeFilter(greatest: boolean) {
  return contextFunction(
    'value case_sensitive? attribute?',
    (context: Context, value: Value, sensitive: Value = false, attribute: Value = null) =>
      extreme(context, value, { sensitive, attribute, greatest }),
  );
}

function first(context: Context, value: Value): Value {
  for (const item of iterate(value)) return item;
  return context.environment.undefined({ hint: 'No first item, sequence was empty.' });
}

/** What Python's reversed() takes. */
function isReversible(value: Value): boolean {
  if (Array.isArray(value) || value instanceof Tuple || value instanceof Dict || value instanceof Range)
    return true;
  return asText(value) !== undefined || value instanceof DictView || value instanceof Undefined;
}

function last(context: Context, value: Value): Value {
  if (!isReversible(value)) {
    if (!(value instanceof PyObject && value.pyGetItem && value.pyLength && !value.pyMapping)) {
      throw typeError(`'${typeName(value)}' object is not reversible`);
    }
  }
  const size = length(value);
  if (size === 0) return context.environment.undefined({ hint: 'No last item, sequence was empty.' });
  const direct = isMapping(value) || value instanceof DictView ? undefined : itemOf(value, size - 1);
  return direct === undefined ? toArray(value).at(-1)! : direct;
}

function reverse(value: Value): Value {
  const text = asText(value);
  if (text !== undefined) {
    steps(text.length >> 3);
    const reversed = Array.from(text).reverse().join('');
    return value instanceof Markup ? new Markup(reversed) : reversed;
  }
  if (iterateOrUndefined(value) === undefined) throw new FilterArgumentError('argument must be iterable');
  if (!isReversible(value)) return toArray(value).reverse();
  const kind = Array.isArray(value) ? 'list_reverseiterator' : 'reversed';
  return new Lazy(kind, lateReverse(value));
}

function* lateReverse(value: Value): Iterable<Value> {
  const items = Array.isArray(value) ? value : toArray(value);
  for (let index = items.length - 1; index >= 0; index--) {
    step();
    yield items[index]!;
  }
}

function groupBy(
  context: Context,
  value: Value,
  options: { attribute: Value; otherwise: Value; sensitive: boolean },
): Value {
  const { environment } = context;
  const { attribute, otherwise, sensitive } = options;
  const after = sensitive ? undefined : ignoreCase;
  const read = attributeReader(environment, attribute, { after, otherwise });
  const label = attributeReader(environment, attribute, { otherwise });
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(toArray(value), read)) {
    const key = read(item);
    const open = groups.at(-1);
    if (open && same(open.key, key)) open.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ key, items }) => new Tuple([sensitive ? key : label(items[0]!), items], GROUP));
}

function* unique(
  context: Context,
  value: Value,
  options: { sensitive: boolean; attribute: Value },
): Iterable<Value> {
  const after = options.sensitive ? undefined : ignoreCase;
  const read = attributeReader(context.environment, options.attribute, { after });
  const seen = new Dict();
  for (const item of iterate(value)) {
    step();
    const key = read(item);
    if (seen.has(key)) continue;
    seen.set(key, null);
    yield item;
  }
}

function sum(context: Context, value: Value, attribute: Value, start: Value): Value {
  const read = attributeReader(context.environment, attribute);
  if (asText(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  let total = start;
  for (const item of iterate(value)) {
    step();
    total = add(total, read(item));
  }
  return total;
}

/** Jinja's filters of sequences and mappings. */
export const SEQUENCE_FILTERS = {
  batch: pyFunction('value linecount fill_with?', (value: Value, size: Value, fill?: Value) => {
    return new Lazy('generator', batches(value, wantIndex(size), fill));
  }),
  slice: pyFunction('value slices fill_with?', (value: Value, count: Value, fill?: Value) => {
    return new Lazy('generator', slices(value, wantIndex(count), fill));
  }),
  count: pyFunction('obj /', length),
  length: pyFunction('obj /', length),
  dictsort: pyFunction(
    'value case_sensitive? by? reverse?',
    (value: Value, sensitive?: Value, by: Value = 'key', reverse?: Value) =>
      dictSort(value, sensitive, by, reverse),
  ),
  first: contextFunction('seq', first),
  last: contextFunction('seq', last),
  items: pyFunction('value', (value: Value) => new Lazy('generator', pairs(value))),
  list: pyFunction('value', toArray),
  max: extremeFilter(true),
  min: extremeFilter(false),
  random: pyFunction(
    'seq',
    refused('random gives another item in every run; choose by something that stays, e.g. a hash'),
  ),
  reverse: pyFunction('value', reverse),
  sort: contextFunction(
    'value reverse? case_sensitive? attribute?',
    (context: Context, value: Value, reversed?: Value, sensitive?: Value, attribute: Value = null) => {
      const after = flag(sensitive) ? undefined : ignoreCase;
      return sorted(
        toArray(value),
        attributesReader(context.environment, attribute, { after }),
        intFlag(reversed),
      );
    },
  ),
  groupby: contextFunction(
    'value attribute default? case_sensitive?',
    (context: Context, value: Value, attribute: Value, otherwise: Value = null, sensitive?: Value) =>
      groupBy(context, value, { attribute, otherwise, sensitive: flag(sensitive) }),
  ),
  unique: contextFunction(
    'value case_sensitive? attribute?',
    (context: Context, value: Value, sensitive?: Value, attribute: Value = null) =>
      new Lazy('generator', unique(context, value, { sensitive: flag(sensitive), attribute })),
  ),
  sum: contextFunction(
    'iterable attribute? start?',
    (context: Context, value: Value, attribute: Value = null, start: Value = 0) =>
      sum(context, value, attribute, start),
  ),
};
