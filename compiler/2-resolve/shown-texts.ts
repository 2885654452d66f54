import { HashTable } from '../ansible/values/hash-table.ts';
import { pythonHash } from '../ansible/values/python-hash.ts';
import { SecretText } from '../ansible/values/secret-text.ts';
import { counted, DEFAULT_LIMITS } from '../jinja/limits.ts';
import { Dict } from '../jinja/values/dict.ts';
import { repr, str } from '../jinja/values/inspect.ts';
import { PySet } from '../jinja/values/set.ts';
import { Tuple } from '../jinja/values/tuple.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Room } from './room.ts';

/**
 * Values of variables as `ansible-inventory --graph --vars` shows them: Python's `str()`. Of a secret, at which Ansible
 * stops without its password, the tag. What holds values is written once, however often it is shown.
 */
export class ShownTexts {
  readonly #room: Room;
  readonly #known = new Map<Value, string>();

  constructor(room: Room) {
    this.#room = room;
  }

  /** Throws NoRoom where the room has no more for it. */
  of(value: Value): string {
    if (value instanceof SecretText || isContainer(value)) return this.#repr(value);
    return this.#taken(counted(DEFAULT_LIMITS, () => str(value)));
  }

  #repr(value: Value): string {
    if (!isContainer(value)) {
      this.#room.take(2);
      return this.#taken(atomText(value));
    }
    const known = this.#known.get(value);
    if (known !== undefined) return this.#taken(known);
    this.#room.take(2);
    const text = this.#containerText(value);
    this.#known.set(value, text);
    return text;
  }

  #containerText(value: Container): string {
    if (Array.isArray(value)) return `[${this.#items(value)}]`;
    if (value instanceof Dict) return `{${this.#entries(value)}}`;
    if (value instanceof Tuple) return `(${this.#items(value.items)}${value.items.length === 1 ? ',' : ''})`;
    if (value.pyLength() > 0) return `{${this.#items(inPythonsOrder(value))}}`;
    return this.#taken(atomText(value));
  }

  // Text is added, not joined: of lists within lists, each would copy all that is in it.
  #items(items: readonly Value[]): string {
    let text = '';
    for (const item of items) {
      if (text !== '') text += ', ';
      text += this.#repr(item);
    }
    return text;
  }

  #entries(dict: Dict): string {
    let text = '';
    for (const [key, item] of dict) {
      if (text !== '') text += ', ';
      text += this.#repr(key);
      text += ': ';
      text += this.#repr(item);
    }
    return text;
  }

  #taken(text: string): string {
    this.#room.take(text.length);
    return text;
  }
}

type Container = Value[] | Dict | Tuple | PySet;

function isContainer(value: Value): value is Container {
  return Array.isArray(value) || value instanceof Dict || value instanceof Tuple || value instanceof PySet;
}

function atomText(value: Value): string {
  if (value instanceof SecretText) return value.kind === 'vault' ? '!vault' : '!secret';
  if (typeof value === 'number') return String(value);
  return counted(DEFAULT_LIMITS, () => repr(value));
}

/** Python's order; as written where that differs from run to run. */
function inPythonsOrder(set: PySet): Value[] {
  const items = [...set.members().keys()];
  const hashes = new Map(items.map((item) => [item, pythonHash(item)]));
  if ([...hashes.values()].includes(undefined)) return items;
  return HashTable.of(items, (item) => hashes.get(item)!).items();
}
