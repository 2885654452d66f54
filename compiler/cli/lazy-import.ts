import type { BlobStream } from '../5-publish/cluster-files.ts';
import { ObjectImport, type PathChange } from '../git/object-import.ts';
import type { RefStore } from '../git/ref-store.ts';

/** An import that begins with the first blob. */
export interface LazyImport {
  /** Sends blobs that were not sent before. */
  blobs(blobs: BlobStream): Promise<void>;
  /** Has git make the tree of a cluster, by changes of an empty one; it has the blobs. */
  cluster(name: string, changes: Iterable<PathChange>): Promise<void>;
  /** The ids of the trees that were made of clusters. */
  trees(): Promise<ReadonlyMap<string, string>>;
  started(): Promise<ObjectImport>;
  /** Gives up what was not kept. */
  drop(): Promise<void>;
}

/** An import into the repository of a store. */
export function lazyImport({ repository }: RefStore): LazyImport {
  let objects: Promise<ObjectImport> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const sent = new Set<string>();
  const made = new Map<string, Promise<string | undefined>>();
  const started = () => {
    objects ??= ObjectImport.start(repository);
    return objects;
  };
  /** What several threads make is sent one after the other. */
  const inTurn = (send: (target: ObjectImport) => Promise<void>): Promise<void> => {
    const next = turn.then(async () => send(await started()));
    turn = next.catch(() => {});
    return next;
  };
  return {
    started,
    blobs: ({ commands, ids, ends }) =>
      inTurn(async (target) => {
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
      }),
    cluster: (name, changes) =>
      inTurn(async (target) => {
        made.set(name, (await target.folder(name, changes)).tree);
      }),
    trees: async () => {
      const trees = await Promise.all([...made].map(async ([name, tree]) => [name, await tree] as const));
      return new Map(trees.flatMap(([name, tree]) => (tree === undefined ? [] : [[name, tree] as const])));
    },
    drop: async () => {
      await (await objects?.catch(() => undefined))?.drop();
    },
  };
}
