import { PythonError, typeError, valueError } from '../errors.ts';
import { steps, willHold } from '../limits.ts';
import type { Context } from '../runtime/context.ts';
import { indexOr, intFlag } from './arguments.ts';
import { same, sorted } from './compare.ts';
import { functionTable, pyFunction } from './function.ts';
import { toArray } from './inspect.ts';
import { wantIndex } from './numbers.ts';
import { Tuple } from './tuple.ts';
import { PyObject, type Value } from './value.ts';

function items(self: Value): readonly Value[] {
  return self instanceof Tuple ? self.items : (self as Value[]);
}

function countOf(self: Value, item: Value): number {
  steps(items(self).length);
  return items(self).filter((candidate) => same(candidate, item)).length;
}

/** list.index and tuple.index, within the bounds. */
function indexOf(
  self: Value,
  item: Value,
  range: { start?: Value | undefined; stop?: Value | undefined },
): number {
  const all = items(self);
  steps(all.length);
  const clamp = (index: number) => (index < 0 ? Math.max(0, index + all.length) : index);
  const start = clamp(indexOr(range.start, 0));
  const stop = Math.min(clamp(indexOr(range.stop, all.length)), all.length);
  for (let index = start; index < stop; index++) if (same(all[index]!, item)) return index;
  throw valueError(self instanceof Tuple ? 'tuple.index(x): x not in tuple' : 'x is not in list');
}

const SHARED = {
  count: pyFunction('value /', (self: Value, item: Value) => countOf(self, item)),
  index: pyFunction('value start? stop? /', (self: Value, item: Value, start?: Value, stop?: Value) =>
    indexOf(self, item, { start, stop }),
  ),
};

function pop(list: Value[], index: Value | undefined): Value {
  if (list.length === 0) throw new PythonError('IndexError', 'pop from empty list');
  const at = indexOr(index, -1);
  const position = at < 0 ? at + list.length : at;
  if (position < 0 || position >= list.length) throw new PythonError('IndexError', 'pop index out of range');
  return list.splice(position, 1)[0]!;
}

function sortInPlace(list: Value[], key: Value | undefined, reverse: Value | undefined): null {
  const keyOf = (item: Value): Value => {
    if (key === undefined || key === null) return item;
    if (!(key instanceof PyObject) || !key.pyCall) throw typeError('sort key is not callable');
    return key.pyCall([item], undefined, undefined as unknown as Context);
  };
  const ordered = sorted(list, keyOf, intFlag(reverse));
  list.splice(0, list.length, ...ordered);
  return null;
}

/** The methods of list; the first argument of each body is the list itself. */
export const LIST_METHODS = functionTable({
  ...SHARED,
  append: pyFunction('object /', (self: Value[], item: Value) => {
    willHold(self.length + 1 > 1000 ? 1 : 0);
    self.push(item);
    return null;
  }),
  clear: pyFunction('/', (self: Value[]) => {
    self.length = 0;
    return null;
  }),
  copy: pyFunction('/', (self: Value[]) => {
    willHold(self.length);
    return [...self];
  }),
  extend: pyFunction('iterable /', (self: Value[], iterable: Value) => {
    const added = toArray(iterable);
    willHold(self.length + added.length);
    for (const item of added) self.push(item);
    return null;
  }),
  insert: pyFunction('index object /', (self: Value[], index: Value, item: Value) => {
    willHold(self.length + 1);
    self.splice(wantIndex(index), 0, item);
    return null;
  }),
  pop: pyFunction('index? /', (self: Value[], index?: Value) => pop(self, index)),
  remove: pyFunction('value /', (self: Value[], item: Value) => {
    const at = self.findIndex((candidate) => same(candidate, item));
    steps(self.length);
    if (at === -1) throw valueError('list.remove(x): x not in list');
    self.splice(at, 1);
    return null;
  }),
  reverse: pyFunction('/', (self: Value[]) => {
    steps(self.length);
    self.reverse();
    return null;
  }),
  sort: pyFunction('* key? reverse?', (self: Value[], key?: Value, reverse?: Value) =>
    sortInPlace(self, key, reverse),
  ),
});

/** The methods of tuple. */
export const TUPLE_METHODS = functionTable(SHARED);
