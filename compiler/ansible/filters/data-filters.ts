import {
  asInt,
  asText,
  type Context,
  contextFunction,
  Dict,
  getItem,
  isMapping,
  iterate,
  iterateOrUndefined,
  mappingItems,
  type PyFunction,
  type PyObject,
  pyFunction,
  repr,
  step,
  str,
  Tuple,
  toArray,
  truth,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
  willHold,
} from '../../jinja/jinja.ts';
import { AnsibleFilterError } from '../errors.ts';
import { failOnUndefined } from '../templar/finalize.ts';
import { mergeHash } from './merge-hash.ts';
import { sequenceItems } from './sequence-items.ts';

function flatten(items: Iterable<Value>, levels: number | undefined, skipNulls: boolean): Value[] {
  const result: Value[] = [];
  for (const item of items) {
    step();
    const text = asText(item);
    if (skipNulls && (item === null || text === 'None' || text === 'null')) continue;
    const nested = sequenceItems(item);
    if (nested && (levels === undefined || levels >= 1)) {
      for (const one of flatten(nested, levels === undefined ? undefined : levels - 1, skipNulls))
        result.push(one);
    } else result.push(item);
  }
  return result;
}

function levelsOf(levels: Value | undefined): number | undefined {
  if (levels === undefined || levels === null) return undefined;
  const int = asInt(levels);
  if (int === undefined)
    throw typeError(`'>=' not supported between instances of '${typeName(levels)}' and 'int'`);
  return Number(int);
}

function combine(terms: Value[], named: ReadonlyMap<string, Value>): Value {
  for (const name of named.keys()) {
    if (name !== 'recursive' && name !== 'list_merge') {
      throw new AnsibleFilterError("'recursive' and 'list_merge' are the only valid keyword arguments");
    }
  }
  const dictionaries = flatten(terms, 1, true);
  for (const dictionary of dictionaries) failOnUndefined(dictionary);
  if (dictionaries.length === 0) return new Dict();
  const options = {
    recursive: truth(named.get('recursive') ?? false),
    lists: str(named.get('list_merge') ?? 'replace'),
  };
  return dictionaries.reduceRight((high, low) => mergeHash(low, high, options));
}

function dictToItems(value: Value, keyName: Value, valueName: Value): Value {
  if (value instanceof Undefined) value.fail();
  if (!isMapping(value)) {
    throw new AnsibleFilterError(
      `dict2items requires a dictionary, got <class '${typeName(value)}'> instead.`,
    );
  }
  return Array.from(mappingItems(value), ([key, item]) => {
    step();
    return new Dict([
      [keyName, key],
      [valueName, item],
    ]);
  });
}

function itemsToDict(value: Value, keyName: Value, valueName: Value): Value {
  if (value instanceof Undefined) value.fail();
  const items = sequenceItems(value);
  if (!items)
    throw new AnsibleFilterError(`items2dict requires a list, got <class '${typeName(value)}'> instead.`);
  const result = new Dict();
  for (const item of items) {
    step();
    if (!isMapping(item))
      throw new AnsibleFilterError(`items2dict requires a list of dictionaries, got ${str(value)} instead.`);
    const [key, entry] = [itemAt(item, keyName), itemAt(item, valueName)];
    if (key === undefined || entry === undefined) {
      throw new AnsibleFilterError(
        `items2dict requires each dictionary in the list to contain the keys '${str(keyName)}' and '${str(valueName)}', got ${str(value)} instead.`,
      );
    }
    result.set(key, entry);
  }
  return result;
}

/** What a mapping has at a key. */
export function itemAt(mapping: Dict | PyObject, key: Value): Value | undefined {
  return mapping instanceof Dict ? mapping.get(key) : mapping.pyGetItem?.(key);
}

function subelements(value: Value, path: Value, skipMissing: boolean): Value {
  const elements = value instanceof Dict ? [...value.values()] : Array.isArray(value) ? value : undefined;
  if (!elements) throw new AnsibleFilterError('obj must be a list of dicts or a nested dict');
  const text = asText(path);
  const keys = Array.isArray(path) ? path : text?.split('.');
  if (!keys) throw new AnsibleFilterError('subelements must be a list or a string');
  const results: Value[] = [];
  for (const element of elements) {
    let values: Value = element;
    for (const key of keys) {
      if (!(values instanceof Dict)) {
        throw new AnsibleFilterError(
          `the key ${str(key)} should point to a dictionary, got '${str(values)}'`,
        );
      }
      const next: Value | undefined = values.get(key);
      if (next === undefined && !skipMissing) {
        throw new AnsibleFilterError(`could not find ${repr(key)} key in iterated item ${repr(values)}`);
      }
      values = next ?? [];
      if (next === undefined) break;
    }
    if (!Array.isArray(values)) {
      throw new AnsibleFilterError(
        `the key ${repr(keys.at(-1) ?? null)} should point to a list, got ${repr(values)}`,
      );
    }
    willHold(values.length);
    for (const item of values) results.push(new Tuple([element, item]));
  }
  return results;
}

function rekey(value: Value, key: Value, duplicates: string): Value {
  if (duplicates !== 'error' && duplicates !== 'overwrite') {
    throw new AnsibleFilterError(`duplicates parameter to rekey_on_member has unknown value: ${duplicates}`);
  }
  if (truth(value)) truth(key);
  const items = isMapping(value) ? Array.from(mappingItems(value), ([, item]) => item) : undefined;
  const listed = items ?? (asText(value) === undefined ? iterateOrUndefined(value) : undefined);
  if (!listed) throw new AnsibleFilterError('Type is not a valid list, set, or dict');
  const result = new Dict();
  for (const item of listed) {
    step();
    if (!isMapping(item)) throw new AnsibleFilterError('List item is not a valid dict');
    const at = itemAt(item, key);
    if (at === undefined) throw new AnsibleFilterError(`Key ${str(key)} was not found`);
    const before = result.get(at);
    if (before !== undefined && truth(before) && duplicates === 'error') {
      throw new AnsibleFilterError(`Key ${str(at)} is not unique, cannot correctly turn into dict`);
    }
    result.set(at, item);
  }
  return result;
}

function extract(context: Context, item: Value, container: Value, more: Value | undefined): Value {
  const keys =
    more === undefined || more === null ? [item] : Array.isArray(more) ? [item, ...more] : [item, more];
  return keys.reduce((value, key) => getItem(context.environment, value, key), container);
}

function zip(lists: readonly Value[], fill: Value | undefined): Value[] {
  const columns = lists.map((list) => toArray(list));
  const lengths = columns.map((column) => column.length);
  const length = lengths.length === 0 ? 0 : fill === undefined ? Math.min(...lengths) : Math.max(...lengths);
  willHold(length * columns.length);
  return Array.from({ length }, (_, row) => new Tuple(columns.map((column) => column[row] ?? fill ?? null)));
}

function product(lists: readonly Value[], repeat: number): Value[] {
  const once = lists.map((list) => toArray(list));
  willHold(repeat * once.length);
  const columns = Array.from({ length: repeat }, () => once).flat();
  const count = columns.reduce((size, column) => size * column.length, 1);
  willHold(count * (1 + columns.length));
  return Array.from({ length: count }, (_, row) => {
    const items: Value[] = [];
    let left = row;
    // The last column turns fastest.
    for (let index = columns.length - 1; index >= 0; index--) {
      const column = columns[index]!;
      items.push(column[left % column.length]!);
      left = Math.floor(left / column.length);
    }
    return new Tuple(items.reverse());
  });
}

/** itertools' permutations (ordered) or combinations of `size` of the items. */
function choose(items: readonly Value[], size: number, ordered: boolean): Value[] {
  let count = 1;
  for (let index = 0; index < size; index++) {
    count *= items.length - index;
    if (!ordered) count /= index + 1;
  }
  willHold(Math.max(0, Math.ceil(count)));
  const rows: Value[] = [];
  const visit = (row: number[], from: number): void => {
    if (row.length === size) {
      step();
      rows.push(new Tuple(row.map((index) => items[index]!)));
      return;
    }
    for (let index = ordered ? 0 : from; index < items.length; index++) {
      if (!ordered || !row.includes(index)) visit([...row, index], index + 1);
    }
  };
  if (size <= items.length) visit([], 0);
  return rows;
}

function sizeOf(size: Value | undefined, otherwise: number): number {
  if (size === undefined || size === null) return otherwise;
  const int = asInt(size);
  if (int === undefined) throw typeError('Expected int as r');
  if (int < 0) throw valueError('r must be non-negative');
  return Number(int);
}

function mandatory(value: Value, message: Value | undefined): Value {
  if (!(value instanceof Undefined)) return value;
  if (message !== undefined && message !== null) throw new AnsibleFilterError(str(message));
  const { name } = value.origin;
  const shown = name === undefined || name === null ? '' : `'${str(name)}' `;
  throw new AnsibleFilterError(`Mandatory variable ${shown} not defined.`);
}

/** Filters on lists and mappings. */
export const DATA_FILTERS: Record<string, PyFunction> = {
  combine: pyFunction('*terms **kwargs', combine),
  dict2items: pyFunction(
    'mydict key_name? value_name?',
    (value: Value, key: Value = 'key', item: Value = 'value') => dictToItems(value, key, item),
  ),
  items2dict: pyFunction(
    'mylist key_name? value_name?',
    (value: Value, key: Value = 'key', item: Value = 'value') => itemsToDict(value, key, item),
  ),
  flatten: pyFunction(
    'mylist levels? skip_nulls?',
    (value: Value, levels: Value | undefined, skip: Value = true) =>
      flatten(iterate(value), levelsOf(levels), truth(skip)),
  ),
  subelements: pyFunction('obj subelements skip_missing?', (value: Value, path: Value, skip: Value = false) =>
    subelements(value, path, truth(skip)),
  ),
  rekey_on_member: pyFunction(
    'data key duplicates?',
    (value: Value, key: Value, duplicates: Value = 'error') => rekey(value, key, str(duplicates)),
  ),
  extract: contextFunction('item container morekeys?', extract),
  zip: pyFunction('*lists **kw', (lists: Value[]) => zip(lists, undefined)),
  zip_longest: pyFunction('*lists **kw', (lists: Value[], named: ReadonlyMap<string, Value>) =>
    zip(lists, named.get('fillvalue') ?? null),
  ),
  product: pyFunction('*lists **kw', (lists: Value[], named: ReadonlyMap<string, Value>) =>
    product(lists, sizeOf(named.get('repeat'), 1)),
  ),
  permutations: pyFunction('iterable r?', (value: Value, size: Value | undefined) => {
    const items = toArray(value);
    return choose(items, sizeOf(size, items.length), true);
  }),
  combinations: pyFunction('iterable r', (value: Value, size: Value) =>
    choose(toArray(value), sizeOf(size, 0), false),
  ),
  mandatory: pyFunction('a msg?', mandatory),
  ternary: pyFunction(
    'value true_val false_val none_val?',
    (value: Value, yes: Value, no: Value, none: Value = null) => {
      if (value === null && none !== null) return none;
      return truth(value) ? yes : no;
    },
  ),
};
