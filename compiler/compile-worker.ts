/** The program of a thread that compiles a share of the clusters; see compile-clusters.ts. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker } from './compile-clusters.ts';
import { compileShare, type Share } from './compile-share.ts';

const port = parentPort!;
const post = (message: FromWorker, transfer: readonly ArrayBuffer[] = []) =>
  port.postMessage(message, [...transfer]);
/** Hosts that are told together: a message costs more than a number. */
const HOSTS = 20;
let hosts = 0;

await compileShare(workerData as Share, {
  onPrepared: (prepared) => post({ prepared }),
  onHosts: (count) => {
    hosts += count;
    if (hosts < HOSTS) return;
    post({ hosts });
    hosts = 0;
  },
  onCluster: async (cluster) => {
    post({ hosts });
    hosts = 0;
    const { blobs, memo } = cluster;
    post({ cluster }, [...(blobs ? [blobs.commands.buffer] : []), ...(memo ? [memo.buffer] : [])]);
    // Whoever takes the clusters may be slower than we are, and memory is bounded.
    await once(port, 'message');
  },
});
port.close();
