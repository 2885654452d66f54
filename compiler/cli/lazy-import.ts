import type { BlobStream } from '../5-publish/cluster-files.ts';
import { ObjectImport } from '../git/object-import.ts';
import type { RefStore } from '../git/ref-store.ts';

/** An import that begins with the first blob. */
export interface LazyImport {
  /** Sends blobs that were not sent before. */
  blobs(blobs: BlobStream): Promise<void>;
  started(): Promise<ObjectImport>;
  /** Gives up what was not kept. */
  drop(): Promise<void>;
}

/** An import into the repository of a store. */
export function lazyImport({ repository }: RefStore): LazyImport {
  let objects: Promise<ObjectImport> | undefined;
  const sent = new Set<string>();
  const started = () => {
    objects ??= ObjectImport.start(repository);
    return objects;
  };
  return {
    started,
    blobs: async ({ commands, ids, ends }) => {
      const target = await started();
      let [from, at] = [0, 0];
      for (const [index, id] of ids.entries()) {
        const end = ends[index]!;
        if (sent.has(id)) {
          await target.write(commands.subarray(from, at));
          from = end;
        }
        sent.add(id);
        at = end;
      }
      await target.write(commands.subarray(from, at));
    },
    drop: async () => {
      await (await objects?.catch(() => undefined))?.drop();
    },
  };
}
