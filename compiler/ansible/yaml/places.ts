import { Dict } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import type { YamlPlace } from './problem.ts';

/** Where the entries of mappings and lists were written: of a mapping the key, of a list the item. */
export class YamlPlaces {
  readonly #lists = new WeakMap<Value[], readonly YamlPlace[]>();
  readonly #mappings = new WeakMap<Dict, { readonly indexes: Dict; readonly places: YamlPlace[] }>();

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

  /** The place of the entry at `key` (a list's index, a mapping's key) of this very mapping or list. */
  of(container: Dict | Value[], key: Value): YamlPlace | undefined {
    if (Array.isArray(container))
      return typeof key === 'number' ? this.#lists.get(container)?.[key] : undefined;
    const entries = this.#mappings.get(container);
    const index = entries?.indexes.get(key);
    return typeof index === 'number' ? entries!.places[index] : undefined;
  }
}
