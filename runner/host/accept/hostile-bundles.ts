import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import type { Manifest } from '../../../compiler/contract/manifest.ts';
import type { AllowedSigner } from '../../../compiler/git/allowed-signers.ts';
import { signCommit } from '../../../compiler/git/signed-commit.ts';
import { keyOfSeed } from '../../../compiler/git/ssh-key.ts';
import { folderPath } from '../artifacts/artifact-folder.ts';
import {
  fetchedSample,
  SAMPLE_KEY,
  SAMPLE_NOW,
  SAMPLE_POLICY,
  SAMPLE_TRUST,
  type SampleOptions,
  sampleBundle,
  sampleCommit,
  sampleFile,
  sampleManifest,
  sha256,
} from '../sample-bundle.ts';
import { runningService } from '../services/running-service.ts';
import { accept } from './accept.ts';
import type { AcceptPolicy, FetchedBundle, RefusalCode, Watermark } from './verdict.ts';

/** For tests: what differs from a bundle that is accepted. */
export interface Case {
  readonly sample?: SampleOptions;
  readonly change?: (bytes: FetchedBundle) => FetchedBundle;
  readonly signer?: Partial<AllowedSigner>;
  readonly revoked?: Uint8Array[];
  readonly policy?: Partial<AcceptPolicy>;
  readonly watermark?: Partial<Watermark>;
  readonly now?: number;
}

/** For tests: the verdict of a sample with a difference. */
export function verdictOf({ sample, change, signer, revoked, policy, watermark, now = SAMPLE_NOW }: Case) {
  const bytes = fetchedSample(sample);
  const mark = { seq: 1, manifest: '0'.repeat(64), signedAt: 0, expires: 0, ...watermark };
  return accept(
    change ? change(bytes) : bytes,
    { signers: [{ ...SAMPLE_TRUST.signers[0]!, ...signer }], revoked: revoked ?? [] },
    { ...SAMPLE_POLICY, ...policy },
    watermark && mark,
    now,
  );
}

/** For tests. */
export const FILE = '/etc/hadoop/core-site.xml';
/** For tests. */
export const TEXT = '<configuration/>\n';

const withFiles = (...paths: string[]): SampleOptions => ({
  files: Object.fromEntries(paths.map((path) => [path, TEXT])),
});
/** For tests. */
export const withManifest = (manifest: Partial<Manifest>): SampleOptions => ({
  files: { [FILE]: TEXT },
  manifest: sampleManifest([sampleFile(FILE, TEXT)], manifest),
});
/** For tests. */
export const SECRET = { kind: 'age', ciphertext: 'age...', escape: 'xml' } as const;
/** For tests: a file with secrets in it. */
export const withSecret = (text: string, mode = '0640'): SampleOptions => ({
  files: { [FILE]: text },
  manifest: sampleManifest([sampleFile(FILE, text, { mode })], { secrets: [SECRET] }),
});
/** For tests. */
export const withManifestText = (change: (text: string) => string): SampleOptions => ({
  files: { [FILE]: TEXT },
  manifestText: change(canonicalJson(sampleManifest([sampleFile(FILE, TEXT)]))),
});
/** For tests. */
export const withEntry = (entry: object): SampleOptions => ({
  files: { [FILE]: TEXT },
  manifest: sampleManifest([sampleFile(FILE, TEXT, entry)]),
});
/** For tests. */
export const withService = (service: object): SampleOptions =>
  withManifest({ services: [runningService(service)] });
/** For tests. */
export const withDirectory = (path: string): SampleOptions =>
  withManifest({ directories: [{ path, mode: '0755', owner: 'hdfs', group: 'hdfs', mountpoint: false }] });
const artifact = {
  component: 'hadoop',
  version: '3',
  url: 'https://a/b.tgz',
  sha256: '0'.repeat(64),
  size: 1,
};
/** For tests. */
export const withLink = (link: string): SampleOptions => withArtifact({ link });
/** For tests. */
export const withArtifact = (entry: object): SampleOptions =>
  withManifest({ artifacts: [{ ...artifact, link: '/data/hadoop', ...entry }] });

/** The same sample with the tree's listing as git would give it for another tree object. */
const withListing =
  (path: string, mode: string) =>
  (bytes: FetchedBundle): FetchedBundle => ({ ...bytes, entries: [...bytes.entries, { path, mode }] });
const withBlob =
  (path: string, content: string) =>
  (bytes: FetchedBundle): FetchedBundle => ({
    ...bytes,
    entries: [...bytes.entries.filter((entry) => entry.path !== path), { path, mode: '100644' }],
    blobs: new Map([...bytes.blobs, [path, Buffer.from(content)]]),
  });
/** For tests: a signed commit over a tree that holds more, or less, than the manifest says. */
export const signedTree =
  (change: (tree: Map<string, Uint8Array>) => void) =>
  (bytes: FetchedBundle): FetchedBundle => {
    const tree = new Map(bytes.blobs);
    change(tree);
    const { message, signedAt } = sampleBundle();
    const entries = [...tree.keys()].map((path) => ({ path, mode: '100644' }));
    return { commit: sampleCommit({ tree, message, signedAt }), entries, blobs: tree };
  };
const textOf = (bytes: FetchedBundle): string => Buffer.from(bytes.commit).toString('utf8');
const editCommit =
  (edit: (text: string) => string) =>
  (bytes: FetchedBundle): FetchedBundle => ({ ...bytes, commit: Buffer.from(edit(textOf(bytes))) });
const unsigned = (text: string): string => text.replace(/gpgsig .*?END SSH SIGNATURE-----\n/s, '');
/** For tests. */
export const resigned =
  (edit: (text: string) => string) =>
  (bytes: FetchedBundle): FetchedBundle => ({
    ...bytes,
    commit: signCommit(Buffer.from(edit(unsigned(textOf(bytes)))), SAMPLE_KEY),
  });

const OTHER_KEY = keyOfSeed(Buffer.alloc(32, 9), 'stranger');

/** For tests: the watermark of a host that has the plain sample. */
export const SAME = {
  seq: 1,
  manifest: sha256(canonicalJson(sampleManifest([sampleFile(FILE, TEXT)]))),
  roles: { restart: [], retire: [] },
};

/** For tests: bundles that must be refused, and with which code. */
// biome-ignore format: a row a case reads best
export const HOSTILE: [name: string, code: RefusalCode, hostile: Case][] = [
  ['no signature', 'accept/unsigned', { change: editCommit(unsigned) }],
  ['an unknown key', 'accept/unknown-key', { signer: { publicKey: OTHER_KEY.publicKey } }],
  ['a key for files only', 'accept/unknown-key', { signer: { namespaces: ['file'] } }],
  ['a revoked key', 'accept/revoked-key', { revoked: [SAMPLE_KEY.publicKey] }],
  ['a key not valid yet', 'accept/key-not-valid', { signer: { validAfter: SAMPLE_NOW + 1 } }],
  ['a key not valid any more', 'accept/key-not-valid', { signer: { validBefore: SAMPLE_NOW - 1 } }],
  ['a message changed after signing', 'accept/bad-signature', { change: editCommit((text) => text.replace('Seq: 1', 'Seq: 2')) }],
  ['a tree changed after signing', 'accept/bad-signature', { change: editCommit((text) => text.replace(/^tree .{40}/, `tree ${'a'.repeat(40)}`)) }],
  ['a damaged signature', 'accept/malformed-signature', { change: editCommit((text) => text.replace('U1NIU0lH', 'U1NIU0lA')) }],
  ['two signatures', 'accept/malformed-commit', { change: editCommit((text) => text.replace(/(gpgsig .*?END SSH SIGNATURE-----\n)/s, '$1$1')) }],
  ['another header', 'accept/malformed-commit', { change: editCommit((text) => text.replace('\n\n', '\nencoding latin1\n\n')) }],
  ['an empty commit', 'accept/malformed-commit', { change: editCommit(() => '') }],
  ['a huge commit', 'accept/oversize', { change: editCommit((text) => text + 'x'.repeat(70_000)) }],

  ['a message of prose', 'accept/malformed-promotion', { change: resigned((text) => text.replace(/promote .*/s, 'Fix typo\n')) }],
  ['a second Host line', 'accept/malformed-promotion', { change: resigned((text) => text.replace('Seq:', 'Host: a\nSeq:')) }],
  ['a line behind the trailers', 'accept/malformed-promotion', { change: resigned((text) => `${text}X: y\n`) }],
  ['sequence zero', 'accept/malformed-promotion', { change: resigned((text) => text.replace('Seq: 1', 'Seq: 0')) }],
  ['a sequence with a sign', 'accept/malformed-promotion', { change: resigned((text) => text.replace('Seq: 1', 'Seq: +1')) }],
  ['31 February', 'accept/malformed-promotion', { change: resigned((text) => text.replace(/Expires: .*/, 'Expires: 2027-02-31T00:00:00Z')) }],
  ['another subject', 'accept/malformed-promotion', { change: resigned((text) => text.replace('promote dn1.example', 'promote dn2.example')) }],
  ['the promotion of another host', 'accept/wrong-host', { sample: { promotion: { host: 'dn2.example' } } }],
  ['a validly signed bundle of another host', 'accept/wrong-host', { sample: withManifest({ host: 'dn2.example' }) }],
  ['a date far ahead', 'accept/future', { sample: { signedAt: SAMPLE_NOW + 3601 } }],
  ['a sequence below the minimum', 'accept/below-minimum', { policy: { minSeq: 2 } }],
  ['a lower sequence', 'accept/lower-sequence', { watermark: { seq: 2 } }],
  ['the same sequence with another manifest', 'accept/same-sequence-other-manifest', { watermark: {} }],
  ['the same sequence with another grant', 'accept/same-sequence-other-roles', { sample: { promotion: { restart: ['datanode'] } }, watermark: SAME }],
  ['the same sequence with one grant more', 'accept/same-sequence-other-roles', { sample: { promotion: { restart: ['datanode', 'namenode'] } }, watermark: { ...SAME, roles: { restart: ['datanode'], retire: [] } } }],
  ['the same sequence, retired no more', 'accept/same-sequence-other-roles', { watermark: { ...SAME, roles: { restart: [], retire: ['datanode'] } } }],
  ['the same sequence, retired and not granted', 'accept/same-sequence-other-roles', { sample: { promotion: { retire: ['datanode'] } }, watermark: { ...SAME, roles: { restart: ['datanode'], retire: [] } } }],
  ['a jump of the sequence', 'accept/sequence-jump', { sample: { promotion: { seq: 1002 } }, watermark: {} }],
  ['an expired promotion', 'accept/expired', { now: SAMPLE_NOW + 86_400 }],
  ['an expired promotion, the clock set back', 'accept/expired', { watermark: { seq: 1, manifest: sha256(canonicalJson(sampleManifest([sampleFile(FILE, TEXT)]))), signedAt: SAMPLE_NOW + 86_400 } }],

  ['a link in the tree', 'accept/not-a-file', { change: withListing('files/etc/hadoop/x', '120000') }],
  ['a submodule in the tree', 'accept/not-a-file', { change: withListing('files/etc/hadoop/x', '160000') }],
  ['an executable in the tree', 'accept/not-a-file', { change: withListing('files/etc/hadoop/x', '100755') }],
  ['a group-writable file in the tree', 'accept/not-a-file', { change: withListing('files/etc/hadoop/x', '100664') }],
  ['a path twice in the tree', 'accept/duplicate-path', { change: withListing('manifest.json', '100644') }],
  ['a file below a file in the tree', 'accept/duplicate-path', { change: withBlob(`files${FILE}/x`, 'x') }],
  ['an entry without its bytes', 'accept/tree-mismatch', { change: withListing('files/etc/hadoop/x', '100644') }],
  ['an unsigned extra file', 'accept/tree-mismatch', { change: withBlob('files/etc/hadoop/x', 'x') }],
  ['other bytes than the signed ones', 'accept/tree-mismatch', { change: withBlob(`files${FILE}`, 'evil') }],
  ['another manifest than the signed one', 'accept/tree-mismatch', { change: withBlob('manifest.json', '{}') }],
  ['too many entries', 'accept/oversize', { change: (bytes) => ({ ...bytes, entries: Array(20_001).fill(bytes.entries[0]) }) }],
  ['too many bytes', 'accept/oversize', { change: (bytes) => ({ ...bytes, blobs: new Map([['manifest.json', new Uint8Array((128 << 20) + 1)]]) }) }],

  ['no manifest', 'accept/manifest-missing', { change: signedTree((tree) => tree.delete('manifest.json')) }],
  ['a manifest of another digest', 'accept/manifest-digest', { sample: { promotion: { manifest: 'a'.repeat(64) } } }],
  ['a signed extra file', 'accept/file-extra', { change: signedTree((tree) => tree.set('files/etc/hadoop/x', Buffer.from('x'))) }],
  ['a signed extra file beside the files', 'accept/file-extra', { change: signedTree((tree) => tree.set('x', Buffer.from('x'))) }],
  ['a signed tree without a file', 'accept/file-missing', { change: signedTree((tree) => tree.delete(`files${FILE}`)) }],
  ['a signed tree with other bytes', 'accept/file-digest', { change: signedTree((tree) => tree.set(`files${FILE}`, Buffer.from('evil'))) }],
  ["a size that is not the file's", 'accept/file-digest', { sample: withEntry({ size: 1 }) }],
  ["a digest that is not the file's", 'accept/file-digest', { sample: withEntry({ sha256: '0'.repeat(64) }) }],

  ['a manifest that is no JSON', 'accept/schema', { sample: withManifestText((text) => text.slice(1)) }],
  ['a manifest with a null', 'accept/schema', { sample: withManifestText(() => 'null') }],
  ['a manifest that nests deeply', 'accept/schema', { sample: withManifestText(() => '['.repeat(100_000) + ']'.repeat(100_000)) }],
  ['a schema of the future', 'accept/unknown-schema', { sample: withManifestText((text) => text.replace('khp.bundle/1', 'khp.bundle/2')) }],
  ['an unknown key', 'accept/schema', { sample: withManifestText((text) => text.replace('"roles"', '"rulers": 1,\n  "roles"')) }],
  ['a repeated key', 'accept/not-canonical', { sample: withManifestText((text) => text.replace('"host"', '"host": "dn1.example",\n  "host"')) }],
  ['__proto__ as a key', 'accept/schema', { sample: withManifestText((text) => text.replace('"roles"', '"__proto__": {},\n  "roles"')) }],
  ['a space behind the manifest', 'accept/not-canonical', { sample: withManifestText((text) => `${text} `) }],
  ['keys in another order', 'accept/not-canonical', { sample: withManifestText((text) => JSON.stringify(JSON.parse(text))) }],
  ['a number in another spelling', 'accept/not-canonical', { sample: withManifestText((text) => text.replace('"size": 17', '"size": 17.0')) }],
  ['a byte order mark', 'accept/schema', { sample: withManifestText((text) => `\ufeff${text}`) }],
  ['a negative size', 'accept/schema', { sample: withEntry({ size: -1 }) }],
  ['setuid', 'accept/schema', { sample: withEntry({ mode: '4755' }) }],
  ['a mode of four digits with setgid', 'accept/schema', { sample: withEntry({ mode: '2755' }) }],
  ['a sticky mode', 'accept/schema', { sample: withEntry({ mode: '1777' }) }],
  ['an owner that is a number', 'accept/schema', { sample: withEntry({ owner: '0' }) }],
  ['an owner with a line feed', 'accept/schema', { sample: withEntry({ owner: 'root\n' }) }],
  ['an owner that reads as an option', 'accept/schema', { sample: withEntry({ owner: '-R' }) }],
  ['a path with ..', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop/../passwd' }) }],
  ['a path with .', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop/./x' }) }],
  ['a path with //', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop//x' }) }],
  ['a path with a slash at its end', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop/x/' }) }],
  ['a relative path', 'accept/schema', { sample: withEntry({ path: 'etc/hadoop/x' }) }],
  ['the root', 'accept/schema', { sample: withEntry({ path: '/' }) }],
  ['a path with a line feed', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop/a\nb' }) }],
  ['a path with an escape', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop/a\u001b[2J' }) }],
  ['a path with NUL', 'accept/schema', { sample: withEntry({ path: '/etc/hadoop/a\0b' }) }],
  ['a path that is too long', 'accept/schema', { sample: withEntry({ path: `/etc/hadoop${'/x'.repeat(3000)}` }) }],

  ['a path outside the prefixes', 'accept/path-outside', { sample: withFiles('/etc/passwd') }],
  ['a path that only begins like a prefix', 'accept/path-outside', { sample: withFiles('/etc/hadoop-evil/x') }],
  ['a prefix in upper case', 'accept/path-outside', { sample: withFiles('/ETC/hadoop/x') }],
  ['/etc/khp, were it allowed', 'accept/path-reserved', { sample: withFiles('/etc/khp/allowed_signers'), policy: { paths: ['/etc'] } }],
  ['/ETC/KHP', 'accept/path-reserved', { sample: withFiles('/etc/KHP/runner.yml'), policy: { paths: ['/etc'] } }],
  ["the runner's own state", 'accept/path-reserved', { sample: withFiles('/var/lib/khp/watermark.json'), policy: { paths: ['/var/lib'] } }],
  ["a directory above the runner's state", 'accept/path-reserved', { sample: withDirectory('/var/lib'), policy: { paths: ['/var', '/etc'] } }],
  ['a directory that is /etc', 'accept/path-reserved', { sample: withDirectory('/etc'), policy: { paths: ['/etc'] } }],
  ['a program of supervisord, were it allowed', 'accept/path-reserved', { sample: withFiles('/etc/supervisor/conf.d/evil.conf'), policy: { paths: ['/etc'] } }],
  ['the folder of programs of supervisord', 'accept/path-reserved', { sample: withDirectory('/etc/supervisor'), policy: { paths: ['/etc'] } }],
  ['a directory outside', 'accept/path-outside', { sample: withDirectory('/root') }],
  ['a link outside', 'accept/path-outside', { sample: withLink('/usr/bin/java') }],
  ['a name with a leading dash', 'accept/path-name', { sample: withFiles('/etc/hadoop/-rf') }],
  ['a folder with a leading dash', 'accept/path-name', { sample: withFiles('/etc/hadoop/-x/y') }],
  ["a name of the runner's temporary files", 'accept/path-name', { sample: withFiles('/etc/hadoop/.core-site.xml.khp-2') }],
  ['a name that leaves no room', 'accept/path-name', { sample: withFiles(`/etc/hadoop/${'x'.repeat(216)}`) }],
  ['a name with a terminal control', 'accept/path-name', { sample: withFiles('/etc/hadoop/a\u009b2J') }],
  ['a name that is written backwards', 'accept/path-name', { sample: withFiles('/etc/hadoop/\u202elmx.etis') }],
  ['a directory that is no Unicode', 'accept/path-name', { sample: withDirectory('/data/\ud800') }],
  ['names that differ by case', 'accept/path-clash', { sample: withFiles('/etc/hadoop/a', '/etc/hadoop/A') }],
  ['folders that differ by case', 'accept/path-clash', { sample: withFiles('/etc/hadoop/a/x', '/etc/hadoop/A/y') }],
  ['names that differ by composition', 'accept/path-clash', { sample: withFiles('/etc/hadoop/\u00e9', '/etc/hadoop/e\u0301') }],
  ['a path twice in the manifest', 'accept/path-clash', { sample: { files: { [FILE]: TEXT }, manifest: sampleManifest([sampleFile(FILE, TEXT), sampleFile(FILE, TEXT)]) } }],
  ['a file that is also a directory', 'accept/path-clash', { sample: withDirectory(FILE) }],
  ['a directory below a file', 'accept/path-clash', { sample: withDirectory(`${FILE}/x`) }],
  ['a link where a file is', 'accept/path-clash', { sample: withLink(FILE) }],
  ['a directory below a link', 'accept/path-clash', { sample: { ...withLink('/data/hadoop'), manifest: { ...withLink('/data/hadoop').manifest!, directories: [{ path: '/data/hadoop/x', mode: '0755', owner: 'hdfs', group: 'hdfs', mountpoint: false }] } } }],
  ['an artifact that is unpacked outside', 'accept/path-outside', { sample: withLink('/data'), policy: { paths: ['/data', '/etc/hadoop'] } }],
  ['a file in the folder of an artifact', 'accept/path-clash', { sample: { files: { [FILE]: TEXT, [`${folderPath({ ...artifact, link: '/data/hadoop' })}/x`]: TEXT }, manifest: sampleManifest([sampleFile(FILE, TEXT), sampleFile(`${folderPath({ ...artifact, link: '/data/hadoop' })}/x`, TEXT)], { artifacts: [{ ...artifact, link: '/data/hadoop' }] }) } }],
  ['two artifacts of a component', 'accept/artifact-twice', { sample: withManifest({ artifacts: [{ ...artifact, link: '/data/a' }, { ...artifact, link: '/data/b' }] }) }],
  ...['../../etc', '3.3/6', '', '.3', '-3', '3 3', '3\n', 'x'.repeat(81)].map((version): (typeof HOSTILE)[number] => [`the version ${JSON.stringify(version)}`, 'accept/path-name', { sample: withArtifact({ version, link: '/data/hadoop' }) }]),
  ...['ftp://a/b', 'hadoop.tar.gz', '/srv/hadoop.tar.gz', 'file://host/x', 'https://user:word@a/b', 'https://a/b c', 'ext::sh -c id', 'http:///x', 'https://a/b\n'].map((url): (typeof HOSTILE)[number] => [`the address ${JSON.stringify(url)}`, 'accept/artifact-address', { sample: withArtifact({ url, link: '/data/hadoop' }) }]),
  ['an artifact beyond all measure', 'accept/oversize', { sample: withArtifact({ size: 2 ** 40, link: '/data/hadoop' }) }],

  ['two services of a role', 'accept/role-twice', { sample: withManifest({ services: [runningService(), runningService({ component: 'other' })] }) }],
  ['a service as root', 'accept/user', { sample: withService({ user: 'root' }), policy: { users: ['root'] } }],
  ['a service as another user', 'accept/user', { sample: withService({ user: 'postgres' }) }],
  ['a command with a line feed', 'accept/control-character', { sample: withService({ command: 'a\nuser=root' }) }],
  ['a variable with a line feed', 'accept/control-character', { sample: withService({ environment: { A: 'b\nc' } }) }],
  ['a health check with an escape', 'accept/control-character', { sample: withService({ health: { command: '\u001b', within: 1 } }) }],
  ['a log with NUL', 'accept/control-character', { sample: withManifest({ logs: [{ role: 'a', path: '/x\0', format: 'log4j' }] }) }],
  ['a secret without its marker', 'accept/secret-marker', { sample: withManifest({ secrets: [SECRET] }) }],
  ["a secret's marker without its secret", 'accept/secret-marker', { sample: { files: { [FILE]: 'x {{khp:secret:0}}' } } }],
  ["half of a secret's marker", 'accept/secret-marker', { sample: { files: { [FILE]: 'x {{khp:secret:' } } }],
  ['a marker in another spelling', 'accept/secret-marker', { sample: withSecret('{{khp:secret:00}}') }],
  ['a marker beyond the secrets', 'accept/secret-marker', { sample: withSecret('{{khp:secret:0}} {{khp:secret:1}}') }],
  ['a secret that everybody may read', 'accept/secret-readable', { sample: withSecret('{{khp:secret:0}}', '0644') }],
  ['a secret of an unknown kind', 'accept/schema', { sample: withManifest({ secrets: [{ ...SECRET, kind: 'pgp' } as never] }) }],
  ['a retirement of what it has', 'accept/retired-role', { sample: { ...withService({}), promotion: { retire: ['datanode'] } } }],
];
