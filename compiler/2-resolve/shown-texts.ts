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
 * A value of a variable as `ansible-inventory --graph --vars` shows it: Python's `str()`. Of a secret, at which Ansible
 * stops without its password, the tag.
 */
export function shownText(value: Value, room: Room): string {
  if (value instanceof SecretText || isContainer(value)) return shownRepr(value, room);
  return taken(
    room,
    counted(DEFAULT_LIMITS, () => str(value)),
  );
}

function shownRepr(value: Value, room: Room): string {
  const shown = (item: Value): string => shownRepr(item, room);
  room.take(2);
  if (value instanceof SecretText) return value.kind === 'vault' ? '!vault' : '!secret';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (value instanceof Dict) {
    return `{${Array.from(value, ([key, item]) => `${shown(key)}: ${shown(item)}`).join(', ')}}`;
  }
  if (value instanceof Tuple) {
    const items = value.items.map(shown);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
  }
  if (value instanceof PySet && value.pyLength() > 0)
    return `{${inPythonsOrder(value).map(shown).join(', ')}}`;
  return taken(
    room,
    counted(DEFAULT_LIMITS, () => repr(value)),
  );
}

/** Python's order; as written where that differs from run to run. */
function inPythonsOrder(set: PySet): Value[] {
  const items = [...set.members().keys()];
  const hashes = new Map(items.map((item) => [item, pythonHash(item)]));
  if ([...hashes.values()].includes(undefined)) return items;
  return HashTable.of(items, (item) => hashes.get(item)!).items();
}

function taken(room: Room, text: string): string {
  room.take(text.length);
  return text;
}

function isContainer(value: Value): boolean {
  return Array.isArray(value) || value instanceof Dict || value instanceof Tuple || value instanceof PySet;
}
