import { Worker } from 'node:worker_threads';
import {
  type CompiledCluster,
  compileShare,
  type PreparedShare,
  type Share,
  type ShareListener,
} from './compile-share.ts';

/** What a thread says; the answer to a cluster asks for the next one. */
export type FromWorker =
  | { readonly prepared: PreparedShare }
  | { readonly cluster: CompiledCluster }
  | { readonly hosts: number };

/**
 * What a thread makes for one host and forgets is less than this, so that the collector of garbage seldom finds any of it
 * alive.
 */
const YOUNG_MIB = 96;

/** Clusters to compile, each with what it weighs and the files that are its own. */
export interface ClusterWork extends Omit<Share, 'clusters'> {
  readonly clusters: ReadonlyMap<string, { readonly hosts: number; readonly files: readonly string[] }>;
  /** How many threads to share them among; with one, none is started. */
  readonly workers: number;
}

/** Compiles clusters, by several threads at once; in no certain order. */
export async function compileClusters(work: ClusterWork, listener: ShareListener): Promise<void> {
  const { clusters, workers, ...rest } = work;
  const count = Math.min(workers, clusters.size);
  if (count < 2) return await compileShare({ ...rest, clusters: [...clusters.keys()] }, listener);
  const threads = shares(work, count).map(
    (share) =>
      new Worker(new URL('./compile-worker.ts', import.meta.url), {
        workerData: share,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
      }),
  );
  try {
    await Promise.all(threads.map((thread) => ended(thread, listener)));
  } finally {
    // Where one failed, nothing that the others made is wanted any more.
    for (const thread of threads) thread.removeAllListeners('message');
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Has the listener hear a thread to its end. */
function ended(thread: Worker, listener: ShareListener): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing: number | undefined;
    const take = async (cluster: CompiledCluster): Promise<void> => {
      await listener.onCluster(cluster);
      missing = missing! - cluster.names.length;
      thread.postMessage('next');
    };
    thread.on('message', (message: FromWorker) => {
      if ('prepared' in message) {
        missing = message.prepared.hosts;
        listener.onPrepared(message.prepared);
      } else if ('hosts' in message) listener.onHosts(message.hosts);
      else take(message.cluster).catch(reject);
    });
    thread.on('error', reject);
    thread.on('exit', () => {
      if (missing === 0) resolve();
      else reject(new Error(`a thread ended before it was done: ${missing ?? 'all'} hosts are missing`));
    });
  });
}

/** Shares of about the same number of hosts; each has the files of its own clusters and those of nobody's. */
export function shares(
  { clusters, workers: _, files, stored, known, reuse, ...rest }: ClusterWork,
  count: number,
): Share[] {
  const owners = new Map([...clusters].flatMap(([name, own]) => own.files.map((file) => [file, name])));
  const heaviestFirst = [...clusters].sort(([, a], [, b]) => b.hosts - a.hosts);
  const made = Array.from({ length: count }, () => ({ hosts: 0, clusters: [] as string[] }));
  for (const [name, { hosts }] of heaviestFirst) {
    const lightest = made.reduce((least, one) => (one.hosts < least.hosts ? one : least));
    // Where nothing is known of any, each still counts.
    lightest.hosts += Math.max(hosts, 1);
    lightest.clusters.push(name);
  }
  return made.map(({ clusters: own }) => {
    const isWanted = (file: string) => !owners.has(file) || own.includes(owners.get(file)!);
    const ofOwn = <T>(map: ReadonlyMap<string, T>) =>
      new Map([...map].filter(([name]) => own.includes(name)));
    return {
      ...rest,
      clusters: own,
      files: new Map([...files].filter(([file]) => isWanted(file))),
      stored: ofOwn(stored),
      known: ofOwn(known),
      reuse: reuse && { ...reuse, memos: ofOwn(reuse.memos) },
    };
  });
}
