import type { SealedText } from './sealed-text.ts';

/** The bytes of sealed texts, made when they are asked for. */
export class FileBytes implements ReadonlyMap<string, Uint8Array> {
  readonly #sealed: ReadonlyMap<string, SealedText>;

  constructor(sealed: ReadonlyMap<string, SealedText>) {
    this.#sealed = sealed;
  }

  get size(): number {
    return this.#sealed.size;
  }

  get(path: string): Uint8Array | undefined {
    return this.#sealed.get(path)?.bytes;
  }

  has(path: string): boolean {
    return this.#sealed.has(path);
  }

  keys(): MapIterator<string> {
    return this.#sealed.keys();
  }

  *values(): MapIterator<Uint8Array> {
    for (const { bytes } of this.#sealed.values()) yield bytes;
  }

  *entries(): MapIterator<[string, Uint8Array]> {
    for (const [path, { bytes }] of this.#sealed) yield [path, bytes];
  }

  [Symbol.iterator](): MapIterator<[string, Uint8Array]> {
    return this.entries();
  }

  forEach(visit: (bytes: Uint8Array, path: string, files: ReadonlyMap<string, Uint8Array>) => void): void {
    for (const [path, bytes] of this.entries()) visit(bytes, path, this);
  }
}
