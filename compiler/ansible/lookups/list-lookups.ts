import {
  asText,
  Dict,
  isMapping,
  iterateOrUndefined,
  mappingItems,
  str,
  Tuple,
  truth,
  type Value,
  willHold,
} from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { sequenceItems } from '../filters/sequence-items.ts';
import type { Lookup } from './lookup.ts';

/** LookupBase._flatten: one list of the items of lists and tuples, one level deep. */
function flattenOnce(terms: readonly Value[]): Value[] {
  return terms.flatMap((term) => sequenceItems(term) ?? [term]);
}

/** What a term stands for as a list. */
function listOf(term: Value): readonly Value[] {
  const text = asText(term);
  if (text !== undefined) return [text.trim()];
  const items = iterateOrUndefined(term);
  return items ? [...items] : [term];
}

const nested: Lookup = ({ terms }) => {
  const lists = terms.map(listOf);
  if (lists.length === 0)
    throw new AnsibleError('with_nested requires at least one element in the nested list');
  willHold(lists.reduce((size, list) => size * list.length, 1));
  const [first, ...others] = lists;
  return others
    .reduce<Value[][]>(
      (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
      first!.map((item) => [item]),
    )
    .map((row) => flattenOnce(row));
};

const together: Lookup = ({ terms }) => {
  const lists = terms.map(listOf);
  if (lists.length === 0) throw new AnsibleError('with_together requires at least one element in each list');
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, row) => flattenOnce(lists.map((list) => list[row] ?? null)));
};

const dict: Lookup = ({ terms }) =>
  terms.flatMap((term) => {
    if (!isMapping(term)) throw new AnsibleError('with_dict expects a dict');
    return Array.from(mappingItems(term), ([key, value]) => {
      return new Dict([
        ['key', key],
        ['value', value],
      ]);
    });
  });

const subelements: Lookup = ({ terms }) => {
  const [list, path, flags] = terms;
  const keys = path === undefined ? undefined : asText(path)?.split('.');
  if (terms.length < 2 || terms.length > 3 || !keys || !(Array.isArray(list) || list instanceof Dict)) {
    throw new AnsibleError(
      'subelements lookup expects a list of two or three items, first a dict or a list, second a string pointing to the subkey',
    );
  }
  const skip = flags instanceof Dict && truth(flags.get('skip_missing') ?? false);
  const elements = list instanceof Dict ? [...list.values()] : list;
  return elements.flatMap((element) => {
    if (!(element instanceof Dict)) {
      throw new AnsibleError(`subelements lookup expects a dictionary, got '${str(element)}'`);
    }
    if (truth(element.get('skipped') ?? false)) return [];
    return oneElement(element, keys, skip);
  });
};

function oneElement(element: Dict, keys: readonly string[], skip: boolean): Value[] {
  let at = element;
  for (const [index, key] of keys.entries()) {
    const value = at.get(key);
    const last = index === keys.length - 1;
    if (value === undefined) {
      if (skip) return [];
      throw new AnsibleError(`could not find '${key}' key in iterated item '${str(at)}'`);
    }
    if (last) {
      if (!Array.isArray(value))
        throw new AnsibleError(`the key ${key} should point to a list, got '${str(value)}'`);
      // Ansible takes the list out of the element that it gives.
      at.delete(key);
      return value.map((item) => new Tuple([element, item]));
    }
    if (!(value instanceof Dict)) {
      if (skip) return [];
      throw new AnsibleError(`the key ${key} should point to a dictionary, got '${str(value)}'`);
    }
    at = value;
  }
  return [];
}

/** Lookups that rearrange lists and mappings. */
export const LIST_LOOKUPS: Readonly<Record<string, Lookup>> = {
  list: ({ terms }) => [...terms],
  items: ({ terms }) => flattenOnce(terms),
  indexed_items: ({ terms }) => flattenOnce(terms).map((item, index) => new Tuple([index, item])),
  nested,
  together,
  dict,
  subelements,
};
