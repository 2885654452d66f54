import type { Environment } from '../environment.ts';
import { getItem } from '../runtime/attributes.ts';
import { Undefined } from '../runtime/undefined.ts';
import { asText, parseIntText } from '../values/numbers.ts';
import type { Value } from '../values/value.ts';

/** How a filter reads an `attribute` argument. */
export interface Reading {
  /** Applied to what was read. */
  readonly after?: ((value: Value) => Value) | undefined;
  /** Stands for what is undefined. */
  readonly otherwise?: Value | undefined;
}

/** Texts in lower case, everything else as it is. */
export function ignoreCase(value: Value): Value {
  const text = asText(value);
  return text === undefined ? value : text.toLowerCase();
}

function partsOf(attribute: Value): Value[] {
  if (attribute === null) return [];
  const text = asText(attribute);
  if (text === undefined) return [attribute];
  return text.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? (parseIntText(part) ?? part) : part));
}

/** A function that reads an attribute, by a path such as `address.city` or `0`, of each value. */
export function attributeReader(environment: Environment, attribute: Value, reading: Reading = {}) {
  const parts = partsOf(attribute);
  return (value: Value): Value => {
    let item = value;
    for (const part of parts) {
      item = getItem(environment, item, part);
      if (reading.otherwise !== undefined && reading.otherwise !== null && item instanceof Undefined) {
        item = reading.otherwise;
      }
    }
    return reading.after ? reading.after(item) : item;
  };
}

/** Like attributeReader, for several attributes parted by commas; gives a list. */
export function attributesReader(environment: Environment, attribute: Value, reading: Reading = {}) {
  const text = asText(attribute);
  const readers = (text === undefined ? [attribute] : text.split(',')).map((part) =>
    attributeReader(environment, part, reading),
  );
  return (value: Value): Value => readers.map((read) => read(value));
}
