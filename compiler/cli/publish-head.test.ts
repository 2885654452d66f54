import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { toTree } from '../4-seal/tree.ts';
import { publishedClusters } from '../5-publish/published-clusters.ts';
import { compile } from '../compile.ts';
import { openRepository } from '../git/repository.ts';
import { temporaryFolder } from '../git/temporary-repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import { compileFleet } from './compile-fleet.ts';
import { fleetOfFiles } from './fleet-source.ts';
import { removalsFrom } from './publish-head.ts';

const AUTHOR = { name: 'Ada', email: 'ada@example.com', time: 1_600_000_000, zone: '+0000' };

function workspace(hosts: number) {
  const files = {
    'inventories/t/c.yml': 'release: r1\n',
    'inventories/t/c.ini': `[app]\nc-h[1:${hosts}]\n`,
    'releases/r1.yml': 'release: r1\ncomponents:\n  app: { version: "1" }\n',
    'templates/app/component.yml': 'component: app\nroles: { app: {} }\n',
  };
  return {
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    diagnostics: [],
  };
}

test('hosts that somebody else published meanwhile do not go unsaid', async () => {
  const folder = await temporaryFolder();
  execFileSync('git', ['init', '-q', folder]);
  const repository = await openRepository(folder);
  const commitOf = (hosts: number, edit = (text: string) => text) => {
    const tree = toTree(compile(workspace(hosts)).value.bundles);
    const files = [...tree].map(([path, bytes]) => ({
      path,
      bytes: Buffer.from(edit(Buffer.from(bytes).toString())),
    }));
    return writeCommit({ repository, files, author: AUTHOR, committer: AUTHOR, message: 'x\n' });
  };
  const [tip, same, more] = [await commitOf(2), await commitOf(2), await commitOf(3)];
  const later = await commitOf(3, (text) =>
    text.replace(/"schema": "[^"]*"/, '"schema": "khp/later", "more": 1'),
  );
  const damaged = await commitOf(3, () => 'no JSON');
  const { clusters } = await publishedClusters(repository, tip);
  const request = { source: fleetOfFiles(workspace(2)), workers: 1, result: 'ids', verb: '' } as const;
  const fresh = await compileFleet(request);
  const [name, made] = [...fresh.clusters][0]!;
  // As where all of it is known from before.
  const entry = {
    ...made,
    reused: true,
    before: { key: '', tree: clusters.get(name)!, diagnostics: [], files: made.files },
  };
  const known = { ...fresh, clusters: new Map([[name, entry]]) };
  for (const compiled of [fresh, known]) {
    const asked = { tip, target: { repository }, compiled };
    expect(await removalsFrom(undefined, asked)).toBeUndefined();
    expect(await removalsFrom(same, asked)).toBeUndefined();
    const refused = await removalsFrom(more, asked);
    expect(refused?.message).toContain('t/c would lose 1 of 3 hosts: c-h3');
    // Whoever made them, and however: they are hosts.
    for (const other of [later, damaged])
      expect((await removalsFrom(other, asked))?.message).toContain('t/c would lose 1 of 3 hosts: c-h3');
    // It was looked at before it moved.
    expect(await removalsFrom(more, { ...asked, tip: more })).toBeUndefined();
  }
});
