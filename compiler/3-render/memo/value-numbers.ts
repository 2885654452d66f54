import { createHash } from 'node:crypto';
import { SecretText, UnsafeText } from '../../ansible/ansible.ts';
import { Dict, Float, Tuple, type Value } from '../../jinja/jinja.ts';

/** The number of what is not there. */
export const NOTHING = 0;

/** The number of values that cannot be told apart: they are never what they were before. */
export const UNKNOWN = -1;

/** Texts of values longer than this are kept as digests. */
const LONGEST = 64;

/**
 * Numbers values as they are written: two have one number exactly when they are of one type and hold the same, to any
 * depth and in the same order. Values must not be changed: those of lists and mappings are looked at once.
 */
export class ValueNumbers {
  /** A text of each value, by number; of two that differ, the texts do. */
  readonly texts: string[] = ['nothing'];
  readonly #numbers = new Map<string, number>([['nothing', NOTHING]]);
  readonly #plain = new Map<Value, number>();
  readonly #objects = new WeakMap<object, number>();

  of(value: Value | undefined): number {
    if (value === undefined) return NOTHING;
    if (value !== null && typeof value === 'object') return this.#ofObject(value);
    // A Map takes -0 for 0.
    if (Object.is(value, -0)) return this.ofText('i-0');
    let number = this.#plain.get(value);
    if (number === undefined) {
      number = this.ofText(plainText(value));
      this.#plain.set(value, number);
    }
    return number;
  }

  /** The number of a text that `texts` has, or from now on has. */
  ofText(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  #ofObject(value: object & Value): number {
    const known = this.#objects.get(value);
    if (known !== undefined) return known;
    // What holds itself is met here again.
    this.#objects.set(value, UNKNOWN);
    const parts = this.#partsOf(value);
    const number = parts ? this.ofText(digest(parts)) : UNKNOWN;
    this.#objects.set(value, number);
    return number;
  }

  /** Texts that tell the value from all others; undefined where it is of a type that is not known here. */
  #partsOf(value: object & Value): string[] | undefined {
    if (Array.isArray(value)) return this.#together('list', value);
    switch (value.constructor) {
      case Dict:
        return this.#together('mapping', [...(value as Dict)].flat());
      case Tuple:
        return (value as Tuple).names ? undefined : this.#together('tuple', (value as Tuple).items);
      case Float:
        return ['float', floatText((value as Float).value)];
      case UnsafeText:
        return ['unsafe', (value as UnsafeText).text];
      case SecretText: {
        const { kind, ciphertext, host } = value as SecretText;
        return ['secret', kind, ciphertext, ...(host === undefined ? [] : [host])];
      }
      default:
        return undefined;
    }
  }

  #together(kind: string, items: readonly Value[]): string[] | undefined {
    const parts = [kind];
    for (const item of items) {
      const number = this.of(item);
      if (number === UNKNOWN) return undefined;
      parts.push(this.texts[number]!);
    }
    return parts;
  }
}

function plainText(value: Value): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value.length <= LONGEST ? `s${value}` : digest(['text', value]);
  // A bigint is never one that a number could be.
  return typeof value === 'boolean' ? `b${value}` : `i${value}`;
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A part with its length. In UTF-8, which is hashed, all halves of surrogate pairs are one; a template may make any. */
function told(part: string): string {
  if (part.isWellFormed()) return `${part.length}:${part}`;
  const text = JSON.stringify(part);
  return `-${text.length}:${text}`;
}

/** A text that no other parts have, and no value that is kept as it is. */
function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(told(part));
  return `#${hash.digest('base64')}`;
}
