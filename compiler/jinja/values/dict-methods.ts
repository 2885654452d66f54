import { PythonError, typeError, valueError } from '../errors.ts';
import { step, willHold } from '../limits.ts';
import { Dict } from './dict.ts';
import { functionTable, pyFunction } from './function.ts';
import { dictKeys, isMapping, iterate, iterateOrUndefined, mappingItems, repr, toArray } from './inspect.ts';
import { DictView } from './set.ts';
import { Tuple } from './tuple.ts';
import { PyObject, type Value } from './value.ts';

/** The pairs that dict() and dict.update take: a mapping's, or an iterable of pairs. */
export function* pairsOf(source: Value): Iterable<[Value, Value]> {
  if (isMapping(source)) {
    yield* mappingItems(source);
    return;
  }
  let index = 0;
  for (const item of iterate(source)) {
    step();
    if (iterateOrUndefined(item) === undefined) {
      throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
    }
    const pair = toArray(item);
    if (pair.length !== 2) {
      throw valueError(
        `dictionary update sequence element #${index} has length ${pair.length}; 2 is required`,
      );
    }
    yield [pair[0]!, pair[1]!];
    index++;
  }
}

/** What `dict(source, **keywords)` and `update` do. */
export function updateDict(
  dict: Dict,
  source: Value | undefined,
  keywords: ReadonlyMap<string, Value>,
): Dict {
  // Python asks an undefined value for its keys, which fails.
  if (source instanceof PyObject && 'fail' in source && typeof source.fail === 'function') source.fail();
  if (source !== undefined) for (const [key, value] of [...pairsOf(source)]) dict.set(key, value);
  for (const [key, value] of keywords) dict.set(key, value);
  willHold(dict.size);
  return dict;
}

function* itemsOf(dict: Dict): Iterable<Value> {
  for (const key of dictKeys(dict)) yield new Tuple([key, dict.get(key)!]);
}

function* valuesOf(dict: Dict): Iterable<Value> {
  for (const key of dictKeys(dict)) yield dict.get(key)!;
}

function pop(dict: Dict, key: Value, otherwise: Value | undefined): Value {
  // Like CPython, an empty dict does not ask for the key's hash.
  const value = dict.size === 0 ? undefined : dict.get(key);
  if (value === undefined) {
    if (otherwise === undefined) throw new PythonError('KeyError', repr(key));
    return otherwise;
  }
  dict.delete(key);
  return value;
}

function optional(value: Value | undefined, otherwise: Value | undefined): Value {
  if (value !== undefined) return value;
  return otherwise === undefined ? null : otherwise;
}

/** The methods of dict; the first argument of each body is the dict itself. */
export const DICT_METHODS = functionTable({
  clear: pyFunction('/', (self: Dict) => {
    self.clear();
    return null;
  }),
  copy: pyFunction('/', (self: Dict) => {
    willHold(self.size);
    return self.copy();
  }),
  fromkeys: pyFunction('iterable value? /', (_: Dict, keys: Value, value?: Value) => {
    return new Dict(toArray(keys).map((key) => [key, optional(value, null)] as const));
  }),
  get: pyFunction('key default? /', (self: Dict, key: Value, otherwise?: Value) =>
    optional(self.get(key), otherwise),
  ),
  items: pyFunction('/', (self: Dict) => new DictView('dict_items', self, () => itemsOf(self))),
  keys: pyFunction('/', (self: Dict) => new DictView('dict_keys', self, () => dictKeys(self))),
  pop: pyFunction('key default? /', (self: Dict, key: Value, otherwise?: Value) => pop(self, key, otherwise)),
  popitem: pyFunction('/', (self: Dict) => {
    const last = [...self].at(-1);
    if (!last) throw new PythonError('KeyError', "'popitem(): dictionary is empty'");
    self.delete(last[0]);
    return new Tuple(last);
  }),
  setdefault: pyFunction('key default? /', (self: Dict, key: Value, otherwise?: Value) => {
    const value = optional(self.get(key), otherwise);
    if (!self.has(key)) self.set(key, value);
    return value;
  }),
  update: pyFunction(
    'other? / **kwargs',
    (self: Dict, other: Value | undefined, keywords: Map<string, Value>) => {
      updateDict(self, other, keywords);
      return null;
    },
  ),
  values: pyFunction('/', (self: Dict) => new DictView('dict_values', self, () => valuesOf(self))),
});
