import { createHash } from 'node:crypto';
import { canonicalJson } from '../../compiler/contract/canonical-json.ts';
import { hostRef } from '../../compiler/contract/names.ts';
import { formatPromotion } from '../../compiler/contract/promotion.ts';
import { FILE_MODE, FOLDER_MODE, formatCommit, formatTree, objectId } from '../../compiler/git/objects.ts';
import { type RefUpdate, updateRefs } from '../../compiler/git/refs.ts';
import { git, type Repository } from '../../compiler/git/repository.ts';
import { signCommit } from '../../compiler/git/signed-commit.ts';
import { keyOfSeed } from '../../compiler/git/ssh-key.ts';
import { type NewObject, writeObjects } from '../../compiler/git/write-objects.ts';

const KEY = keyOfSeed(Buffer.alloc(32, 7), 'bench');
const FILES = 10;
const PERSON = { name: 'a', email: 'a@example', time: 1_700_000_000, zone: '+0000' };

/** The names of simulated hosts. */
export function hostNames(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `dn${String(number).padStart(5, '0')}.example`);
}

/**
 * Promotes to each host a signed bundle of ten files of 3 kB, of which nine are the same on all hosts and never change;
 * `seq` is in the tenth. The manifest is as long as one of so many files, but its content is left out.
 */
export async function promoteAll(
  repository: Repository,
  { hosts, seq, before }: { hosts: readonly string[]; seq: number; before: ReadonlyMap<string, string> },
): Promise<Map<string, string>> {
  const objects: NewObject[] = [];
  const add = (type: NewObject['type'], content: Uint8Array): string => {
    objects.push({ type, content });
    return objectId(type, content);
  };
  const text = (name: string): Buffer =>
    Buffer.from(
      Array.from({ length: 48 }, (_, line) =>
        createHash('sha256').update(`${name} ${line}`).digest('hex'),
      ).join('\n'),
    );
  const common = Array.from({ length: FILES - 1 }, (_, index) => ({
    mode: FILE_MODE,
    name: `common-${index}.xml`,
    id: add('blob', text(`common ${index}`)),
  }));
  const commits = new Map<string, string>();
  for (const host of hosts) {
    const own = { mode: FILE_MODE, name: 'own.xml', id: add('blob', text(`${host} ${seq}`)) };
    const folder = add('tree', formatTree([...common, own]));
    const filler = Object.fromEntries(
      [...common, own].map(({ name, id }) => [
        name,
        {
          path: `/etc/hadoop/conf/${name}`,
          id,
          mode: '0644',
          owner: 'hdfs',
          group: 'hadoop',
          restart: ['datanode'],
        },
      ]),
    );
    const manifest = Buffer.from(canonicalJson({ host, files: filler }));
    const entries = [
      { mode: FOLDER_MODE, name: 'files', id: folder },
      { mode: FILE_MODE, name: 'manifest.json', id: add('blob', manifest) },
    ];
    const message = formatPromotion({
      host,
      seq,
      expires: 1_800_000_000,
      manifest: createHash('sha256').update(manifest).digest('hex'),
      restart: [],
      retire: [],
    });
    const parent = before.get(host);
    const parents = parent === undefined ? [] : [parent];
    const tree = add('tree', formatTree(entries));
    const commit = formatCommit({ tree, parents, author: PERSON, committer: PERSON, message });
    commits.set(host, add('commit', signCommit(commit, KEY)));
  }
  await writeObjects(repository, objects);
  const moves = hosts.map((host): RefUpdate => {
    return { ref: hostRef(host), old: before.get(host), new: commits.get(host)! };
  });
  const outcome = await updateRefs(repository, moves, 'bench');
  if (!outcome.ok) throw new Error(outcome.reason);
  await git(repository, ['pack-refs', '--all']);
  await git(repository, ['repack', '-a', '-d', '-q']);
  return commits;
}
