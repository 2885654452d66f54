import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  AUDIT_PATH,
  type AuditEntry,
  formatAuditEntry,
  formatAuditMessage,
} from '../compiler/contract/audit.ts';
import { canonicalJson } from '../compiler/contract/canonical-json.ts';
import { bundlePath, MANIFEST_PATH, type Manifest } from '../compiler/contract/manifest.ts';
import { AUDIT_REF, BUNDLES_REF, hostRef, STATUS_REF } from '../compiler/contract/names.ts';
import { formatPromotion } from '../compiler/contract/promotion.ts';
import { formatPublication } from '../compiler/contract/publication.ts';
import { type Report, STATUS_SCHEMA } from '../compiler/contract/report.ts';
import { formatCommit } from '../compiler/git/objects.ts';
import { resolve, updateRefs } from '../compiler/git/refs.ts';
import { initRepository, type Repository } from '../compiler/git/repository.ts';
import { signCommit } from '../compiler/git/signed-commit.ts';
import { keyOfSeed } from '../compiler/git/ssh-key.ts';
import { type NewFile, writeCommit } from '../compiler/git/write-commit.ts';
import { writeObjects } from '../compiler/git/write-objects.ts';
import { fileAt, manifestWith, NOW } from './view/test-fleet.ts';

/** A bundle as a test gives it: files by path, all else by the manifest. */
export interface TestBundle {
  readonly manifest: Manifest;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A promotion as a test gives it. */
export interface TestPromotion {
  readonly bundle: TestBundle;
  readonly seq: number;
  readonly expires?: number;
}

/** What a test's refs hold. */
export interface TestFleet {
  readonly compiled: readonly TestBundle[];
  readonly promoted: readonly TestPromotion[];
  readonly reports: readonly { readonly type: string; readonly cluster: string; readonly report: Report }[];
  /** The first one first. */
  readonly operations: readonly AuditEntry[];
  /** Files of the workspace, by path. */
  readonly workspace: Readonly<Record<string, string>>;
}

/** Bare repositories, by the paths of their folders. */
export interface TestRepositories {
  readonly config: string;
  readonly workspace: string;
}

const IDENTITY = { name: 'khp', email: 'khp@example.org', time: NOW - 9000, zone: '+0000' };
const KEY = keyOfSeed(new Uint8Array(32).fill(7), 'test');

/** A bundle of a host with these files. */
export function bundleOf(
  changes: Partial<Manifest>,
  files: Readonly<Record<string, string | Uint8Array>>,
): TestBundle {
  const contents = Object.entries(files).map(([path, content]) => [path, Buffer.from(content)] as const);
  const entries = contents.map(([path, content]) => ({
    ...fileAt(path, sha256(content)),
    size: content.length,
  }));
  return { manifest: manifestWith({ ...changes, files: entries }), files: Object.fromEntries(contents) };
}

/** The digest of the bundle's manifest. */
export function digestOf({ manifest }: TestBundle): string {
  return sha256(Buffer.from(canonicalJson(manifest)));
}

/** Makes the repositories of a fleet below a folder, as compile, promote and collect leave them. */
export async function createRepositories(folder: string, fleet: TestFleet): Promise<TestRepositories> {
  const config = await initRepository(join(folder, 'config.git'));
  const workspace = await initRepository(join(folder, 'workspace.git'));
  const sources = Object.entries(fleet.workspace).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  const source = await commitTo(workspace, {
    ref: 'refs/heads/main',
    files: sources,
    message: 'workspace\n',
  });
  const bundles = fleet.compiled.flatMap((bundle) => filesOf(bundle, placeOf(bundle.manifest)));
  const publication = formatPublication({ source, compiler: '0.1.0' }, 'workspace');
  await commitTo(config, { ref: BUNDLES_REF, files: bundles, message: publication });
  await commitTo(config, { ref: STATUS_REF, files: statusFiles(fleet), message: 'collect\n' });
  await promote(config, fleet.promoted);
  for (const entry of fleet.operations) {
    const files = [{ path: AUDIT_PATH, bytes: formatAuditEntry(entry) }];
    await commitTo(config, { ref: AUDIT_REF, files, message: formatAuditMessage(entry) });
  }
  return { config: config.gitDir, workspace: workspace.gitDir };
}

/** Commits files as the only ones of a ref, on top of the commit that it has, and gives the new one's id. */
export async function commitTo(
  repository: Repository,
  { ref, files, message }: { ref: string; files: readonly NewFile[]; message: string },
): Promise<string> {
  const parent = await resolve(repository, ref);
  const id = await writeCommit({ repository, files, message, parent, author: IDENTITY, committer: IDENTITY });
  const moved = await updateRefs(repository, [{ ref, old: parent, new: id }], 'test');
  if (!moved.ok) throw new Error(moved.reason);
  return id;
}

async function promote(repository: Repository, promotions: readonly TestPromotion[]): Promise<void> {
  const commits = [];
  for (const { bundle, seq, expires = NOW + 80 * 86_400 } of promotions) {
    const { host } = bundle.manifest;
    const message = formatPromotion({
      host,
      seq,
      expires,
      manifest: digestOf(bundle),
      restart: [],
      retire: [],
    });
    const files = filesOf(bundle, '');
    const unsigned = await writeCommit({ repository, files, message, author: IDENTITY, committer: IDENTITY });
    const tree = (await resolve(repository, `${unsigned}^{tree}`))!;
    const content = formatCommit({ tree, parents: [], author: IDENTITY, committer: IDENTITY, message });
    commits.push({ host, object: { type: 'commit' as const, content: signCommit(content, KEY) } });
  }
  const ids = await writeObjects(
    repository,
    commits.map(({ object }) => object),
  );
  const updates = commits.map(({ host }, index) => ({
    ref: hostRef(host),
    old: undefined,
    new: ids[index]!,
  }));
  await updateRefs(repository, updates, 'test');
}

function filesOf({ manifest, files }: TestBundle, folder: string): NewFile[] {
  return [
    { path: `${folder}${MANIFEST_PATH}`, bytes: Buffer.from(canonicalJson(manifest)) },
    ...Object.entries(files).map(([path, bytes]) => ({ path: `${folder}${bundlePath(path)}`, bytes })),
  ];
}

function placeOf({ type, cluster, host }: Manifest): string {
  return `${type}/${cluster}/${host}/`;
}

function statusFiles({ reports }: TestFleet): NewFile[] {
  const clusters = Map.groupBy(reports, ({ type, cluster }) => `${type}/${cluster}`);
  return [...clusters].map(([name, entries]) => {
    const { type, cluster } = entries[0]!;
    const hosts = Object.fromEntries(entries.map(({ report }) => [report.host, report]));
    const bytes = Buffer.from(canonicalJson({ schema: STATUS_SCHEMA, type, cluster, hosts }));
    return { path: `${name}.json`, bytes };
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
