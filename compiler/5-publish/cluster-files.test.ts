import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SealedBundle } from '../4-seal/bundle.ts';
import { toTree } from '../4-seal/tree.ts';
import { MANIFEST_SCHEMA, Manifest } from '../contract/manifest.ts';
import { ObjectImport } from '../git/object-import.ts';
import { treeFiles, treeIds } from '../git/objects.ts';
import { temporaryRepository, WHO } from '../git/temporary-repository.ts';
import {
  blobIds,
  clusterChanges,
  clusterPaths,
  clusterTrees,
  packCluster,
  withHosts,
} from './cluster-files.ts';

const CLUSTER = { type: 'alpha', cluster: 'x' };

function sealedText(text: string) {
  const bytes = Buffer.from(text);
  return { bytes, size: bytes.length, sha256: '', effect: '', problem: undefined, marked: false };
}

/** Bundles with the files of each host; their manifests differ in the host's name and roles alone. */
function bundlesOf(hosts: Readonly<Record<string, Readonly<Record<string, string>>>>): SealedBundle[] {
  return Object.entries(hosts).map(([host, files]) => ({
    manifest: Manifest.parse({
      ...{ schema: MANIFEST_SCHEMA, host, ...CLUSTER, release: 'r', roles: ['datanode'] },
      ...{ files: [], directories: [], artifacts: [], services: [], secrets: [], metrics: [], logs: [] },
    }),
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    sealed: new Map(Object.entries(files).map(([path, text]) => [path, sealedText(text)])),
  }));
}

const path = fc.constantFrom('/etc/a', '/etc/a/b', '/etc/c', '/opt/d/e', '/opt/d/f', '/z');
/** No path is a folder of another one, as checkPaths has it. */
const files = fc
  .dictionary(path, fc.constantFrom('1', '2', 'ü'), { maxKeys: 4, noNullPrototype: true })
  .filter((one) => !('/etc/a' in one && '/etc/a/b' in one));
const hosts = fc.dictionary(fc.constantFrom('h1', 'h2', 'h3'), files, { maxKeys: 3, noNullPrototype: true });

test('with other files of some hosts, a cluster is as if it had been packed so', () => {
  fc.assert(
    fc.property(hosts, hosts, (was, is) => {
      const changed = Object.keys(is).filter((host) => host in was);
      const gone = Object.keys(was).filter((host) => host === 'h3' && !(host in is));
      const kept = Object.entries(was).filter(([host]) => !gone.includes(host));
      const all = {
        ...Object.fromEntries(kept),
        ...Object.fromEntries(changed.map((host) => [host, is[host]!])),
      };
      const part = Object.fromEntries(changed.map((host) => [host, is[host]!]));
      const [whole, some, wanted] = [was, part, all].map(
        (one) => packCluster(CLUSTER, bundlesOf(one), undefined).files,
      );
      const made = withHosts(whole!, some!, new Set([...changed, ...gone]));
      expect(made.hosts).toEqual(wanted!.hosts);
      expect([...clusterPaths(made)]).toEqual([...clusterPaths(wanted!)]);
    }),
  );
});

test('whatever a cluster was, its changes make what it is', { timeout: 60_000 }, async () => {
  const repository = await temporaryRepository();
  await fc.assert(
    fc.asyncProperty(hosts, hosts, async (was, is) => {
      const before = packCluster(CLUSTER, bundlesOf(was), new Set());
      const first = await importOf(before.blobs!.commands, clusterChanges(undefined, before.files));
      expect(first.tree).toBe(treeIds(treeFiles(toTree(bundlesOf(was)))).get(''));
      const stored = blobIds(before.files.ids);
      const after = packCluster(CLUSTER, bundlesOf(is), stored);
      expect(after.blobs!.ids.some((id) => stored.has(id))).toBe(false);
      const tree = clusterTrees(before.files).get('alpha/x');
      const known = tree === undefined ? undefined : { tree, files: before.files };
      const second = await importOf(after.blobs!.commands, clusterChanges(known, after.files));
      const ids = treeIds(treeFiles(toTree(bundlesOf(is))));
      expect(second.tree).toBe(ids.get(''));
      expect(clusterTrees(after.files)).toEqual(ids);
    }),
    { numRuns: 25 },
  );

  async function importOf(commands: Uint8Array, changes: ReturnType<typeof clusterChanges>) {
    const objects = await ObjectImport.start(repository);
    await objects.write(commands);
    const made = await objects.commit({
      parent: undefined,
      changes,
      author: WHO,
      committer: WHO,
      message: 'm',
    });
    await objects.keep();
    return made;
  }
});
