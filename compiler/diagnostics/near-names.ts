import { editDistance } from './did-you-mean.ts';

interface Known {
  readonly name: string;
  readonly letters: Uint8Array;
}

const LETTERS = 32;

/** Names that are asked for those near to another one: many times, so that few of them are compared letter by letter. */
export class NearNames {
  readonly #byLength: Map<number, Known[]>;

  constructor(names: Iterable<string>) {
    const known = [...new Set(names)].map((name) => ({ name, letters: lettersOf(name) }));
    this.#byLength = Map.groupBy(known, ({ name }) => name.length);
  }

  /** Those that are at most `limit` edits away, in the sense of editDistance; `name` itself is not among them. */
  near(name: string, limit: number): string[] {
    const found: string[] = [];
    const letters = lettersOf(name);
    for (let length = name.length - limit; length <= name.length + limit; length++) {
      for (const known of this.#byLength.get(length) ?? []) {
        if (!mayBeNear(letters, known.letters, limit) || known.name === name) continue;
        if (editDistance(name, known.name) <= limit) found.push(known.name);
      }
    }
    return found.sort();
  }
}

/** How often each letter occurs; several letters share a count. */
function lettersOf(name: string): Uint8Array {
  const letters = new Uint8Array(LETTERS);
  for (let index = 0; index < name.length; index++) letters[name.charCodeAt(index) % LETTERS]! += 1;
  return letters;
}

/** An edit changes two counts by one at most. */
function mayBeNear(a: Uint8Array, b: Uint8Array, limit: number): boolean {
  let different = 0;
  for (let index = 0; index < LETTERS; index++) different += Math.abs(a[index]! - b[index]!);
  return different <= 2 * limit;
}
