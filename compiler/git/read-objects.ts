import type { ObjectType } from './objects.ts';
import type { Repository } from './repository.ts';
import { startGit } from './run-git.ts';

/** An object that was asked for. */
export interface FoundObject {
  readonly id: string;
  readonly type: ObjectType;
  /** Bytes. */
  readonly size: number;
  /** Undefined where it is larger than the `maxBytes` that was asked for. */
  readonly content: Buffer | undefined;
}

/** What to read. */
export interface ReadRequest {
  readonly repository: Repository;
  /** Ids, or anything else that names an object (`main:folder/file`); no line feed in them. */
  readonly names: Iterable<string>;
  /** The content of larger objects is skipped; no bound where not said. */
  readonly maxBytes?: number;
}

/**
 * Reads objects in one run of git, in the order of their names. `visit` gets each one, and undefined for a name that
 * names nothing. Throws a GitError where the repository cannot be read.
 */
export async function readObjects(
  { repository, names, maxBytes = Number.POSITIVE_INFINITY }: ReadRequest,
  visit: (object: FoundObject | undefined, name: string) => void,
): Promise<void> {
  const asked = [...names];
  if (asked.length === 0) return;
  const broken = asked.find((name) => /[\n\0]/.test(name) || name === '');
  if (broken !== undefined) throw new Error(`not a name of an object: ${JSON.stringify(broken)}`);
  const running = startGit({
    ...repository,
    args: ['cat-file', '--batch', '--buffer'],
    input: batches(asked),
  });
  let next = 0;
  const parser = batchParser({
    maxBytes,
    visit: (object) => visit(object, asked[next++]!),
  });
  const reading = (async () => {
    for await (const chunk of running.stdout) parser(chunk as Buffer);
  })();
  await Promise.all([running.done, reading]);
  if (next !== asked.length) throw new Error(`git cat-file answered ${next} of ${asked.length} questions`);
}

function* batches(names: readonly string[]): Iterable<Buffer> {
  for (let start = 0; start < names.length; start += 1000) {
    yield Buffer.from(`${names.slice(start, start + 1000).join('\n')}\n`, 'utf8');
  }
}

interface ParserOptions {
  readonly maxBytes: number;
  readonly visit: (object: FoundObject | undefined) => void;
}

/** Reads `<id> <type> <size>\n<content>\n` and `<name> missing\n` from chunks that end anywhere. */
function batchParser({ maxBytes, visit }: ParserOptions): (chunk: Buffer) => void {
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
        const content = size > maxBytes ? undefined : Buffer.allocUnsafe(size);
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

/** One object; undefined where the name names nothing. The content of one that is larger than `maxBytes` is skipped. */
export async function readObject(
  repository: Repository,
  name: string,
  maxBytes?: number,
): Promise<FoundObject | undefined> {
  let found: FoundObject | undefined;
  await readObjects({ repository, names: [name], ...(maxBytes !== undefined && { maxBytes }) }, (object) => {
    found = object;
  });
  return found;
}
