import { PythonError } from '../errors.ts';
import { functionTable, pyFunction } from './function.ts';
import { repr, toArray } from './inspect.ts';
import { PySet } from './set.ts';
import type { Value } from './value.ts';

const none = (effect: (self: PySet, item: Value) => void) =>
  pyFunction('item /', (self: PySet, item: Value) => {
    effect(self, item);
    return null;
  });

const all = (others: readonly Value[]) => others.map((other) => new PySet(toArray(other)));

/** The methods of set; the first argument of each body is the set itself. */
export const SET_METHODS = functionTable({
  add: none((self, item) => self.members().set(item, null)),
  clear: pyFunction('/', (self: PySet) => {
    self.members().clear();
    return null;
  }),
  copy: pyFunction('/', (self: PySet) => new PySet(self.members().keys())),
  difference: pyFunction('*others', (self: PySet, others: Value[]) => {
    const sets = all(others);
    return new PySet(toArray(self).filter((item) => !sets.some((set) => set.pyContains(item))));
  }),
  discard: none((self, item) => self.members().delete(item)),
  intersection: pyFunction('*others', (self: PySet, others: Value[]) => {
    const sets = all(others);
    return new PySet(toArray(self).filter((item) => sets.every((set) => set.pyContains(item))));
  }),
  isdisjoint: pyFunction(
    'other /',
    (self: PySet, other: Value) => !toArray(other).some((item) => self.pyContains(item)),
  ),
  issubset: pyFunction('other /', (self: PySet, other: Value) => {
    const set = new PySet(toArray(other));
    return toArray(self).every((item) => set.pyContains(item));
  }),
  issuperset: pyFunction('other /', (self: PySet, other: Value) =>
    toArray(other).every((item) => self.pyContains(item)),
  ),
  remove: none((self, item) => {
    if (!self.members().delete(item)) throw new PythonError('KeyError', repr(item));
  }),
  symmetric_difference: pyFunction('other /', (self: PySet, other: Value) => {
    const set = new PySet(toArray(other));
    const left = toArray(self).filter((item) => !set.pyContains(item));
    return new PySet([...left, ...toArray(set).filter((item) => !self.pyContains(item))]);
  }),
  union: pyFunction(
    '*others',
    (self: PySet, others: Value[]) => new PySet([self, ...others].flatMap(toArray)),
  ),
  update: pyFunction('*others', (self: PySet, others: Value[]) => {
    for (const item of others.flatMap(toArray)) self.members().set(item, null);
    return null;
  }),
});
