/** More text than one answer may have. */
export class NoRoom extends Error {}

/** UTF-16 code units that one answer may have. */
const SIZE = 96 * 1024 * 1024;

/** What is left of the size of one answer. Values can share their parts, so that little input makes endless text. */
export class Room {
  #left = SIZE;

  /** Throws NoRoom once more is taken than there was. */
  take(length: number): void {
    this.#left -= length;
    if (this.#left < 0) throw new NoRoom();
  }
}
