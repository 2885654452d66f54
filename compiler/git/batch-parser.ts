import type { ObjectType } from './objects.ts';

/** An object that was asked for. */
export interface FoundObject {
  readonly id: string;
  readonly type: ObjectType;
  /** Bytes. */
  readonly size: number;
  /** Undefined where it is larger than the `maxBytes` that was asked for. */
  readonly content: Buffer | undefined;
}

/** Who hears the answers of `git cat-file --batch`. */
export interface BatchListener {
  /** Of the next object: beyond it, its content is skipped. */
  readonly maxBytes: () => number;
  /** Gets the next answer; undefined for a name that names nothing. */
  readonly visit: (object: FoundObject | undefined) => void;
}

/** Reads `<id> <type> <size>\n<content>\n` and `<name> missing\n` from chunks that end anywhere. */
export function batchParser({ maxBytes, visit }: BatchListener): (chunk: Buffer) => void {
  let header: Buffer = Buffer.alloc(0);
  let object: { id: string; type: ObjectType; size: number; content: Buffer | undefined } | undefined;
  let filled = 0;
  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (!object) {
        const end = chunk.indexOf(0x0a, offset);
        const part = chunk.subarray(offset, end < 0 ? chunk.length : end);
        header = header.length === 0 ? part : Buffer.concat([header, part]);
        if (end < 0) return;
        offset = end + 1;
        const match = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header.toString('latin1'));
        header = Buffer.alloc(0);
        if (!match) {
          visit(undefined);
          continue;
        }
        const size = Number(match[3]);
        const content = size > maxBytes() ? undefined : Buffer.allocUnsafe(size);
        object = { id: match[1]!, type: match[2] as ObjectType, size, content };
        filled = 0;
      }
      const length = Math.min(object.size - filled, chunk.length - offset);
      object.content?.set(chunk.subarray(offset, offset + length), filled);
      filled += length;
      offset += length;
      // The line feed behind the content may come with the next chunk.
      if (filled === object.size && offset < chunk.length) {
        visit(object);
        object = undefined;
        offset += 1;
      }
    }
  };
}
