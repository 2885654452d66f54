import { batchParser, type FoundObject } from './batch-parser.ts';
import type { Repository } from './repository.ts';
import { startGit } from './run-git.ts';

export type { FoundObject } from './batch-parser.ts';

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
  if (repository.reader) return await repository.reader.ask({ names: asked, maxBytes, visit });
  const running = startGit({
    ...repository,
    args: ['cat-file', '--batch', '--buffer'],
    input: batches(asked),
  });
  let next = 0;
  const parser = batchParser({
    maxBytes: () => maxBytes,
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
