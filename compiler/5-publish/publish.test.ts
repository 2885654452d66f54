import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AUDIT_REF, BUNDLES_REF } from '../contract/names.ts';
import { parsePublication } from '../contract/publication.ts';
import { type Commit, parseCommit } from '../git/objects.ts';
import { readObject } from '../git/read-objects.ts';
import { readTree } from '../git/read-tree.ts';
import { openRefStore, type RefStore } from '../git/ref-store.ts';
import { listCommits, resolve, updateRefs } from '../git/refs.ts';
import { initRepository, openRepository, type Repository } from '../git/repository.ts';
import { temporaryFolder } from '../git/temporary-repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import type { BundleTree } from './bundle-tree.ts';
import { type PublishRequest, publish } from './publish.ts';

interface Scene {
  readonly workspace: Repository;
  /** Publishes a tree that holds one file with this text. */
  publishText(text: string, more: Partial<PublishRequest>): ReturnType<typeof publish>;
  /** A commit of the workspace. */
  source(subject: string, parent?: string): Promise<string>;
}

async function newScene(): Promise<Scene> {
  const folder = await temporaryFolder();
  execFileSync('git', ['init', '-q', folder]);
  const workspace = await openRepository(folder);
  return {
    workspace,
    publishText: (text, more) =>
      publish({
        workspace,
        target: { repository: workspace },
        source: 'main',
        compiler: '1.0',
        tree: treeOfText(more.target?.repository ?? workspace, text),
        audit: auditIn(more.target?.repository ?? workspace),
        ...more,
      }),
    source: (subject, parent) => {
      const author = { name: 'Ada', email: 'ada@example.com', time: 1_600_000_000, zone: '+0200' };
      const committer = { name: 'Bob', email: 'bob@example.com', time: 1_600_000_100, zone: '-0330' };
      const message = `${subject}\n\nSource: ${'0'.repeat(40)}\n`;
      return writeCommit({ repository: workspace, files: [], parent, author, committer, message });
    },
  };
}

/** A tree with one file. */
function treeOfText(repository: Repository, text: string): BundleTree {
  const files = [{ path: 'alpha/x/h/manifest.json', bytes: Buffer.from(text) }];
  return {
    id: undefined,
    commit: async (made) => {
      const commit = await writeCommit({ repository, files, ...made });
      return { commit, tree: (await resolve(repository, `${commit}^{tree}`))! };
    },
    keep: async () => {},
    drop: async () => {},
  };
}

const AUDITOR = { name: 'Cy', email: 'cy@example.com', time: 1_600_000_200, zone: '+0000' };

/** Entries that say of which commit they are. */
function auditIn(repository: Repository): PublishRequest['audit'] {
  return async (commit, last) => {
    const people = { author: AUDITOR, committer: AUDITOR };
    const entry = await writeCommit({ repository, files: [], parent: last, ...people, message: commit });
    return { ref: AUDIT_REF, old: last, new: entry };
  };
}

/** Of which commits the entries are, the first one first. */
async function audited(repository: Repository): Promise<string[]> {
  const entries = await listCommits(repository, AUDIT_REF, 100);
  const commits = await Promise.all(entries.map((entry) => readCommit(repository, entry)));
  return commits.map(({ message }) => message).reverse();
}

async function readCommit(repository: Repository, id: string): Promise<Commit> {
  return parseCommit((await readObject(repository, id))!.content!)!;
}

async function remoteTarget(workspace: Repository): Promise<{ remote: Repository; target: RefStore }> {
  const remote = await initRepository(join(await temporaryFolder(), 'config.git'));
  return { remote, target: (await openRefStore({ workspace, root: '/', url: remote.gitDir }))! };
}

test("a commit is made by the source commit's people at its times, and says what it is of", async () => {
  const { workspace, publishText, source } = await newScene();
  const one = await source('first');
  const { value, diagnostics } = await publishText('1', { source: one });
  expect(diagnostics).toEqual([]);
  expect(value).toEqual({ commit: await resolve(workspace, BUNDLES_REF), changed: true });
  const commit = await readCommit(workspace, value!.commit);
  expect(commit).toMatchObject({
    parents: [],
    author: { name: 'Ada', time: 1_600_000_000, zone: '+0200' },
    committer: { name: 'Bob', time: 1_600_000_100, zone: '-0330' },
    message: `first\n\nSource: ${one}\nCompiler: 1.0\n`,
  });
  expect(parsePublication(commit.message)).toEqual({ source: one, compiler: '1.0' });
  expect([...(await readTree(workspace, BUNDLES_REF)).keys()]).toEqual(['alpha/x/h/manifest.json']);
});

test('the same again changes nothing; the same tree of a later source, or another compiler, is a commit', async () => {
  const { workspace, publishText, source } = await newScene();
  const one = await source('first');
  const two = await source('second', one);
  const first = await publishText('1', { source: one });
  expect(await publishText('1', { source: one })).toEqual({
    value: { commit: first.value!.commit, changed: false },
    diagnostics: [],
  });
  const second = await publishText('1', { source: two });
  const third = await publishText('1', { source: two, compiler: '1.1' });
  const ids = [third, second, first].map(({ value }) => value!.commit);
  expect(new Set(ids).size).toBe(3);
  expect(await audited(workspace)).toEqual([...ids].reverse());
  expect(await listCommits(workspace, BUNDLES_REF, 10)).toEqual(ids);
  expect((await readCommit(workspace, ids[0]!)).tree).toBe((await readCommit(workspace, ids[2]!)).tree);
});

test('two repositories that compile the same get the same commits', async () => {
  const ids: (string | undefined)[] = [];
  for (const _ of [1, 2]) {
    const { publishText, source } = await newScene();
    const one = await source('first');
    await publishText('1', { source: one });
    ids.push((await publishText('2', { source: await source('second', one) })).value?.commit);
  }
  expect(ids[0]).toBeDefined();
  expect(ids[0]).toBe(ids[1]);
});

test('a tip that moved meanwhile is guarded too', async () => {
  const { workspace, publishText, source } = await newScene();
  const one = await source('first');
  const first = await publishText('1', { source: one });
  const two = await source('second', one);
  const asked: (string | undefined)[] = [];
  const problem = { code: 'publish/removals', severity: 'error', message: 'no', hint: 'no' } as const;
  const tree = treeOfText(workspace, '3');
  let other = '';
  const racing: BundleTree = {
    ...tree,
    commit: async (made) => {
      other ||= (await publishText('2', { source: one, compiler: '2' })).value!.commit;
      return await tree.commit(made);
    },
  };
  const refused = await publishText('', {
    source: two,
    tree: racing,
    guard: async (tip) => {
      asked.push(tip);
      return tip === first.value!.commit ? undefined : problem;
    },
  });
  expect(refused).toEqual({ value: undefined, diagnostics: [problem] });
  expect(asked).toEqual([first.value!.commit, other]);
  expect(await resolve(workspace, BUNDLES_REF)).toBe(other);
});

test('an entry that somebody else adds meanwhile stays, and ours follows it', async () => {
  const { workspace, publishText, source } = await newScene();
  const one = await source('first');
  const audit = auditIn(workspace);
  let others = 3;
  const { value } = await publishText('1', {
    source: one,
    seen: new Map(),
    audit: async (commit, last) => {
      const update = await audit(commit, last);
      others -= 1;
      if (others >= 0) await updateRefs(workspace, [await audit(`another's ${others}`, last)], 'test');
      return update;
    },
  });
  expect(value).toEqual({ commit: await resolve(workspace, BUNDLES_REF), changed: true });
  expect(await audited(workspace)).toEqual(["another's 2", "another's 1", "another's 0", value!.commit]);
});

test('where others move the audit each time, nothing is published', async () => {
  const { workspace, publishText, source } = await newScene();
  const audit = auditIn(workspace);
  let asked = 0;
  const refused = await publishText('1', {
    source: await source('first'),
    audit: async (_, last) => {
      asked += 1;
      await updateRefs(workspace, [await audit(`another's ${asked}`, last)], 'test');
      return await audit('ours', last);
    },
  });
  expect(refused).toMatchObject({ value: undefined, diagnostics: [{ code: 'publish/conflict' }] });
  expect(refused.diagnostics[0]!.message).toContain(AUDIT_REF);
  expect(await resolve(workspace, BUNDLES_REF)).toBeUndefined();
  expect((await audited(workspace)).length).toBe(asked);
});

test('a source that does not descend from the last one is refused without force', async () => {
  const { workspace, publishText, source } = await newScene();
  const one = await source('first');
  const [two, aside] = [await source('second', one), await source('aside', one)];
  const published = (await publishText('2', { source: two })).value!.commit;
  for (const [text, from] of [
    ['1', one],
    ['2', one],
    ['3', aside],
  ] as const) {
    const { value, diagnostics } = await publishText(text, { source: from });
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'publish/not-descending', severity: 'error' }]);
  }
  expect(await resolve(workspace, BUNDLES_REF)).toBe(published);
  const forced = await publishText('3', { source: aside, force: true });
  expect((await readCommit(workspace, forced.value!.commit)).parents).toEqual([published]);
});

test('what is no commit, and a tip that khp did not make, are refused', async () => {
  const { workspace, publishText, source } = await newScene();
  const one = await source('first');
  for (const name of ['nowhere', `${one}^{tree}`, '--all']) {
    expect((await publishText('1', { source: name })).diagnostics).toMatchObject([
      { code: 'publish/unknown-source' },
    ]);
  }
  await updateRefs(workspace, [{ ref: BUNDLES_REF, old: undefined, new: one }], 'by hand');
  expect((await publishText('1', { source: one })).diagnostics).toMatchObject([
    { code: 'publish/foreign-tip' },
  ]);
  expect(await resolve(workspace, BUNDLES_REF)).toBe(one);
  expect((await publishText('1', { source: one, force: true })).value).toMatchObject({ changed: true });
});

test('a config repository elsewhere gets the same commits as our own would', async () => {
  const { workspace, publishText, source } = await newScene();
  const { remote, target } = await remoteTarget(workspace);
  const one = await source('first');
  const two = await source('second', one);
  for (const [text, from] of [
    ['1', one],
    ['1', one],
    ['2', two],
  ] as const) {
    const here = await publishText(text, { source: from });
    const there = await publishText(text, { source: from, target });
    expect(there).toEqual(here);
    expect(await resolve(remote, BUNDLES_REF)).toBe(here.value!.commit);
  }
  expect((await publishText('1', { source: one, target })).diagnostics).toMatchObject([
    { code: 'publish/not-descending' },
  ]);
});

test.each(['here', 'elsewhere'])(
  'many compiles at once, %s: the history holds each once, in order of descent',
  async (where) => {
    const { workspace, publishText, source } = await newScene();
    const { remote, target } = await remoteTarget(workspace);
    const sources: string[] = [];
    for (let index = 0; index < 4; index += 1) sources.push(await source(`s${index}`, sources.at(-1)));
    const place = where === 'here' ? { repository: workspace } : target;
    // Two writers a source: they race for the ref, and one of them must find the work of the other.
    const outcomes = await Promise.all(
      [...sources, ...sources].map((from) => publishText(from, { source: from, target: place })),
    );
    const codes = outcomes.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
    expect(new Set(codes)).toEqual(new Set(codes.length > 0 ? ['publish/not-descending'] : []));
    const store = where === 'here' ? workspace : remote;
    const published: string[] = [];
    for (const id of await listCommits(store, BUNDLES_REF, 100)) {
      published.unshift(parsePublication((await readCommit(store, id)).message)!.source);
    }
    expect(published).toEqual(sources.filter((id) => published.includes(id)));
    expect(await audited(store)).toEqual((await listCommits(store, BUNDLES_REF, 100)).reverse());
    const accepted = outcomes.flatMap(({ value }) => (value ? [value.commit] : []));
    expect(new Set(accepted)).toEqual(new Set(await listCommits(store, BUNDLES_REF, 100)));
  },
);
