import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson } from '../../compiler/contract/canonical-json.ts';
import { MANIFEST_SCHEMA, type Manifest } from '../../compiler/contract/manifest.ts';
import { BUNDLES_REF, reportRef } from '../../compiler/contract/names.ts';
import { formatPublication } from '../../compiler/contract/publication.ts';
import { REPORT_PATH, type Report } from '../../compiler/contract/report.ts';
import { sampleReport } from '../../compiler/contract/sample-report.ts';
import { sampleService } from '../../compiler/contract/sample-service.ts';
import { parseAllowedSigners } from '../../compiler/git/allowed-signers.ts';
import { openRefStore, type RefStore } from '../../compiler/git/ref-store.ts';
import { resolve, updateRefs } from '../../compiler/git/refs.ts';
import { initRepository, type Repository } from '../../compiler/git/repository.ts';
import { keyOfSeed, publicKeyLine, type SigningKey } from '../../compiler/git/ssh-key.ts';
import { temporaryFolder } from '../../compiler/git/temporary-repository.ts';
import { writeCommit } from '../../compiler/git/write-commit.ts';
import { expectedBundles, sha256 } from './bundle-hosts.ts';
import { type PromoteRequest, promote } from './promote.ts';

/** For tests: a moment, in seconds since the epoch. */
export const NOW = 1_700_000_000;
export const OPERATOR = { name: 'Ops', email: 'ops@example.com' };

/** For tests: a key that is always the same for a name. */
export function keyNamed(name: string): SigningKey {
  return keyOfSeed(createHash('sha256').update(name).digest(), name);
}

const key = keyNamed('operator');

/** For tests: trust in some keys. */
export function trustIn(...keys: readonly SigningKey[]): PromoteRequest['trust'] {
  return { ...parseAllowedSigners(keys.map((each) => `ops ${publicKeyLine(each)}\n`).join('')), revoked: [] };
}

/**
 * For tests: the bundles of hosts given as `type/cluster/host`, each with the file /etc/x of this text, and with the
 * services of the roles that the text ends in: `text:namenode,zkfc`.
 */
export function bundlesOf(hosts: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  const files: [string, Uint8Array][] = [];
  for (const [folder, text] of Object.entries(hosts)) {
    const [type, cluster, host] = folder.split('/');
    const bytes = Buffer.from(text);
    const file = {
      path: '/etc/x',
      sha256: sha256(bytes),
      size: bytes.length,
      mode: '0644',
      owner: 'a',
      group: 'a',
    };
    const manifest: Manifest = {
      schema: MANIFEST_SCHEMA,
      host: host!,
      cluster: cluster!,
      type: type!,
      release: '1.0',
      roles: [],
      files: [{ ...file, effect: file.sha256, restart: [], reload: [] }],
      directories: [],
      artifacts: [],
      services: (text.split(':')[1]?.split(',') ?? []).map(serviceNamed),
      secrets: [],
      metrics: [],
      logs: [],
    };
    files.push(
      [`${folder}/files/etc/x`, bytes],
      [`${folder}/manifest.json`, Buffer.from(canonicalJson(manifest))],
    );
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function serviceNamed(role: string): Manifest['services'][number] {
  return sampleService({
    role,
    after: role === 'datanode' ? ['namenode'] : [],
    health: { tcp: 'localhost:1', within: 60 },
    max_unavailable: '50%',
  });
}

/** For tests: a config repository with a workspace's history, and a reports repository, all real. */
export interface TemporaryFleet {
  readonly workspace: Repository;
  readonly config: RefStore;
  readonly reports: Repository;
  /** The config repository itself, also where `config` reaches it by its url. */
  readonly configRepository: Repository;
  /** Commits to main, and its bundles to refs/heads/bundles; gives the commit of the bundles. */
  compile(bundles: ReadonlyMap<string, Uint8Array>): Promise<string>;
  /** Promotes the hosts of bundles that were compiled last, as they were compiled. */
  promote(more?: Partial<PromoteRequest>): ReturnType<typeof promote>;
  /** Moves a report ref to a commit of this file. */
  report(host: string, content: Partial<Report> | Uint8Array, ref?: string): Promise<string>;
}

/** For tests: see TemporaryFleet. `remote`: the config repository is behind a url, its objects are made in another. */
export async function temporaryFleet({ remote = false } = {}): Promise<TemporaryFleet> {
  const folder = await temporaryFolder();
  const workspace = await initRepository(join(folder, 'workspace.git'));
  const reports = await initRepository(join(folder, 'reports.git'));
  const configRepository = remote ? await initRepository(join(folder, 'config.git')) : workspace;
  const url = remote ? '../config.git' : undefined;
  const config = (await openRefStore({ workspace, root: workspace.gitDir, url }))!;
  const person = { ...OPERATOR, time: NOW, zone: '+0000' };
  const commit = async (request: {
    repository: Repository;
    ref: string;
    files: ReadonlyMap<string, Uint8Array>;
    message: string;
  }): Promise<string> => {
    const { repository, ref, message } = request;
    const parent = await resolve(repository, ref);
    const files = Array.from(request.files, ([path, bytes]) => ({ path, bytes }));
    const id = await writeCommit({ repository, files, parent, author: person, committer: person, message });
    const outcome = await updateRefs(repository, [{ ref, old: parent, new: id }], 'test');
    if (!outcome.ok) throw new Error(outcome.reason);
    return id;
  };
  let compiled: ReadonlyMap<string, Uint8Array> = new Map();
  const fleet: TemporaryFleet = {
    workspace,
    config,
    reports,
    configRepository,
    compile: async (files) => {
      compiled = files;
      const edit = { repository: workspace, ref: 'refs/heads/main', files: new Map(), message: `edit\n` };
      const source = await commit(edit);
      const message = formatPublication({ source, compiler: '1' }, 'edit');
      return commit({ repository: configRepository, ref: BUNDLES_REF, files, message });
    },
    promote: async (more) => {
      const expected = expectedBundles(compiled);
      return promote({
        config,
        workspace,
        branch: 'refs/heads/main',
        bundles: (await resolve(configRepository, BUNDLES_REF))!,
        expected,
        hosts: [...expected.keys()],
        key,
        trust: trustIn(key),
        who: OPERATOR,
        now: NOW,
        yes: true,
        ...more,
      });
    },
    report: (host, content, ref = reportRef(host)) => {
      const bytes =
        content instanceof Uint8Array
          ? content
          : Buffer.from(canonicalJson(sampleReport({ host, at: '2023-11-14T22:13:20Z', ...content })));
      return commit({
        repository: reports,
        ref,
        files: new Map([[REPORT_PATH, bytes]]),
        message: 'report\n',
      });
    },
  };
  return fleet;
}
