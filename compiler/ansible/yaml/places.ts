import { Dict, hashKey } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import type { YamlPlace } from './problem.ts';

/** Where the entries of one mapping or list stand, for which no object is made before it is asked for. */
interface FlatPlaces {
  /** Of a mapping. */
  readonly keys: readonly string[] | undefined;
  /** Line and column of each entry, one after the other. */
  readonly numbers: readonly number[];
  /** Key → its index, once it is needed. */
  indexes?: ReadonlyMap<unknown, number>;
}

/** So many keys are faster to look through than to put into a Map. */
const FEW_KEYS = 16;

/** Where the entries of mappings and lists were written: of a mapping the key, of a list the item. */
export class YamlPlaces {
  readonly #lists = new Map<Value[], readonly YamlPlace[]>();
  readonly #mappings = new Map<Dict, { readonly indexes: Dict; readonly places: YamlPlace[] }>();
  readonly #flat = new Map<Dict | Value[], FlatPlaces>();

  setList(list: Value[], places: readonly YamlPlace[]): void {
    this.#lists.set(list, places);
  }

  /** Of a key that is set twice, the later place counts. */
  setEntry(mapping: Dict, key: Value, place: YamlPlace): void {
    let entries = this.#mappings.get(mapping);
    if (!entries) {
      entries = { indexes: new Dict(), places: [] };
      this.#mappings.set(mapping, entries);
    }
    entries.indexes.set(key, entries.places.length);
    entries.places.push(place);
  }

  /** As setList, with line and column of each item. */
  setItems(list: Value[], numbers: readonly number[]): void {
    this.#flat.set(list, { keys: undefined, numbers });
  }

  /** As setEntry for all of a mapping's entries, whose keys differ, with line and column of each. */
  setKeys(mapping: Dict, keys: readonly string[], numbers: readonly number[]): void {
    this.#flat.set(mapping, { keys, numbers });
  }

  /** The place of the entry at `key` (a list's index, a mapping's key) of this very mapping or list. */
  of(container: Dict | Value[], key: Value): YamlPlace | undefined {
    const flat = this.#flat.get(container);
    if (flat) return flatPlace(flat, key);
    if (Array.isArray(container))
      return typeof key === 'number' ? this.#lists.get(container)?.[key] : undefined;
    const entries = this.#mappings.get(container);
    const index = entries?.indexes.get(key);
    return typeof index === 'number' ? entries!.places[index] : undefined;
  }
}

function flatPlace(flat: FlatPlaces, key: Value): YamlPlace | undefined {
  const index = flat.keys ? indexOfKey(flat, flat.keys, hashKey(key)) : Number(key);
  const line = flat.numbers[2 * index];
  return line === undefined ? undefined : { line, column: flat.numbers[2 * index + 1]! };
}

function indexOfKey(flat: FlatPlaces, keys: readonly string[], key: unknown): number {
  if (keys.length <= FEW_KEYS) return keys.indexOf(key as string);
  flat.indexes ??= new Map(keys.map((name, index) => [name, index]));
  return flat.indexes.get(key) ?? -1;
}
