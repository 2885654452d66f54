import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { beforeAll, describe, expect, test } from 'vitest';
import { encryptSecret } from '../../../compiler/age/age.ts';
import { parseRecipient } from '../../../compiler/age/recipients.ts';
import type { SecretEntry } from '../../../compiler/contract/manifest.ts';
import { generateKey, publicKeyLine } from '../../../compiler/git/ssh-key.ts';
import { accept } from '../accept/accept.ts';
import type { AcceptedBundle } from '../accept/verdict.ts';
import { apply } from '../apply/apply.ts';
import { nodeDisk } from '../apply/disk.ts';
import { layoutOf } from '../config/layout.ts';
import { RunnerConfig } from '../config/runner-config.ts';
import {
  fetchedSample,
  SAMPLE_NOW,
  SAMPLE_POLICY,
  SAMPLE_TRUST,
  sampleFile,
  sampleManifest,
} from '../sample-bundle.ts';
import { makeState, readState } from '../state/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { lookOnDisk, prepare, previewFor } from './prepare.ts';
import type { Host } from './run-once.ts';

const FILE = '/etc/hadoop/hive-site.xml';
const TEXT = '<a>{{khp:secret:0}}</a>\n';
const PASSWORD = 'p&ss <word>';
const WRITTEN = '<a>p&amp;ss &lt;word&gt;</a>\n';

let identity: string;
let recipient: string;
let root: string;

beforeAll(async () => {
  identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
});

function hostIn(folder: string, settings: object = {}): Host {
  root = folder;
  const config = RunnerConfig.parse({
    repository: '/repo',
    paths: ['/etc/hadoop'],
    identities: ['/etc/khp/identity'],
    ...settings,
  });
  put('/etc/khp/identity', `${identity}\n`, 0o600);
  const host = {
    layout: layoutOf(folder),
    settings: { config, host: SAMPLE_POLICY.host, trust: SAMPLE_TRUST },
    engine: {
      rooted: { disk: { ...nodeDisk, sync: () => {} }, root: folder },
      ownership: { kind: 'record' as const },
      moment: () => ({ boot: 'b', ticks: 1 }),
    },
  };
  makeState(host.engine.rooted);
  return host;
}

function put(path: string, text: string, mode: number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), mode);
}

async function sealed(clear: string, key = recipient): Promise<SecretEntry> {
  return { kind: 'age', ciphertext: await encryptSecret(clear, [parseRecipient(key)!]), escape: 'xml' };
}

function bundleOf(seq: number, text: string, secrets: SecretEntry[]): AcceptedBundle {
  const manifest = sampleManifest([sampleFile(FILE, text, { mode: '0640' })], { secrets });
  const fetched = fetchedSample({ files: { [FILE]: text }, manifest, promotion: { seq } });
  const verdict = accept(fetched, SAMPLE_TRUST, SAMPLE_POLICY, undefined, SAMPLE_NOW);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  return verdict.bundle;
}

async function applyTo(host: Host, bundle: AcceptedBundle) {
  const state = readState(host.engine.rooted);
  const prepared = await prepare(host, { bundle, state });
  return 'code' in prepared ? prepared : apply(host.engine, { ...prepared, bundle, state });
}

const onDisk = () => readFileSync(join(root, FILE), 'utf8');
const effectOf = (host: Host) => readState(host.engine.rooted).active!.digests[FILE]!.effect;

/** Everything of the sandbox but the file itself. */
function elsewhere(): string {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => `/${name}` !== FILE && lstatSync(join(root, name)).isFile());
  return files.map((name) => `${name}\n${readFileSync(join(root, name), 'latin1')}`).join('\n');
}

describe('a file with a secret', () => {
  test('gets the clear text, escaped; nothing else of the host does', async () => {
    const host = hostIn(temporaryFolder());
    const applied = await applyTo(host, bundleOf(1, TEXT, [await sealed(PASSWORD)]));
    expect(applied).toEqual({ ok: true, changed: true, written: [FILE] });
    expect(onDisk()).toBe(WRITTEN);
    expect(lstatSync(join(root, FILE)).mode & 0o777).toBe(0o640);
    expect(elsewhere()).not.toMatch(/p&ss|p&amp;ss|<word>|word&gt;/);
    expect(elsewhere()).toContain('{{khp:secret:0}}');
    expect(lstatSync(join(root, '/var/lib/khp/secret-digest.key')).mode & 0o777).toBe(0o600);
    expect(lookOnDisk(host, readState(host.engine.rooted)).drift).toEqual([]);
  });

  test('is not written again for the same clear text under new ciphertext, and is for another', async () => {
    const host = hostIn(temporaryFolder());
    await applyTo(host, bundleOf(1, TEXT, [await sealed(PASSWORD)]));
    const { ino } = lstatSync(join(root, FILE));
    const effect = effectOf(host);
    const again = bundleOf(2, TEXT, [await sealed(PASSWORD)]);
    expect(previewFor(host, { bundle: again, state: readState(host.engine.rooted) }).plan.steps).toHaveLength(
      1,
    );
    expect(await applyTo(host, again)).toEqual({ ok: true, changed: true, written: [] });
    expect(lstatSync(join(root, FILE)).ino).toBe(ino);
    expect(effectOf(host)).toBe(effect);
    const other = bundleOf(3, TEXT, [await sealed('other')]);
    expect(await applyTo(host, other)).toMatchObject({ ok: true, written: [FILE] });
    expect(onDisk()).toBe('<a>other</a>\n');
    expect(effectOf(host)).not.toBe(effect);
  });

  test('that is another number in the next manifest is the same', async () => {
    const host = hostIn(temporaryFolder());
    const secret = await sealed(PASSWORD);
    await applyTo(host, bundleOf(1, '<a>{{khp:secret:0}}</a>\n', [secret]));
    const next = bundleOf(2, '<a>{{khp:secret:1}}</a><!-- {{khp:secret:0}} -->\n', [
      await sealed('x'),
      secret,
    ]);
    expect(await applyTo(host, next)).toMatchObject({ written: [FILE] });
    expect(await applyTo(host, bundleOf(3, '<a>{{khp:secret:0}}</a><!-- x -->\n', [secret]))).toMatchObject({
      written: [],
    });
  });

  test('that was edited by hand is drift: left, or restored', async () => {
    const host = hostIn(temporaryFolder());
    const bundle = bundleOf(1, TEXT, [await sealed(PASSWORD)]);
    await applyTo(host, bundle);
    writeFileSync(join(root, FILE), '<a>by hand</a>\n');
    expect(lookOnDisk(host, readState(host.engine.rooted)).drift).toEqual([FILE]);
    expect(await applyTo(host, bundle)).toMatchObject({ written: [] });
    const restoring = hostIn(root, { drift: 'restore' });
    expect(await applyTo(restoring, bundle)).toMatchObject({ written: [FILE] });
    expect(onDisk()).toBe(WRITTEN);
  });

  test('comes in the place of one without, and goes again', async () => {
    const host = hostIn(temporaryFolder());
    await applyTo(host, bundleOf(1, '<a>plain</a>\n', []));
    expect(existsSync(join(root, '/var/lib/khp/secret-digest.key'))).toBe(false);
    expect(await applyTo(host, bundleOf(2, TEXT, [await sealed('plain')]))).toMatchObject({ written: [] });
    expect(await applyTo(host, bundleOf(3, TEXT, [await sealed(PASSWORD)]))).toMatchObject({
      written: [FILE],
    });
    expect(await applyTo(host, bundleOf(4, '<a>plain</a>\n', []))).toMatchObject({ written: [FILE] });
    expect(onDisk()).toBe('<a>plain</a>\n');
    const saved = readdirSync(dirname(join(root, FILE))).filter((name) => name.includes('saved'));
    expect(saved).toEqual([]);
  });

  test('is opened with the key of SSH and with the password of its vault id, too', async () => {
    const host = hostIn(temporaryFolder(), {
      identities: ['/etc/ssh/ssh_host_ed25519_key'],
      vault_password_files: { prod: '/etc/khp/vault-prod' },
    });
    mkdirSync(join(root, '/etc/ssh'));
    const key = await generateKey(join(root, '/etc/ssh/ssh_host_ed25519_key'), 'host');
    const recorded = JSON.parse(
      readFileSync(join(import.meta.dirname, '../secrets/recorded-vaults.json'), 'utf8'),
    ) as { clear: string; password: string; envelope: string }[];
    const { envelope, password, clear } = recorded.at(-1)!;
    put('/etc/khp/vault-prod', `${password}\n`, 0o600);
    const vault = { kind: 'vault', ciphertext: envelope, escape: 'xml', vault_id: 'prod' } as const;
    const text = '<a b="{{khp:secret:0}}">{{khp:secret:1}}</a>\n';
    const applied = await applyTo(
      host,
      bundleOf(1, text, [vault, await sealed('by ssh', publicKeyLine(key))]),
    );
    expect(applied).toMatchObject({ ok: true });
    expect(onDisk()).toBe(`<a b="${clear}">by ssh</a>\n`);
  });
});

describe('a secret that cannot be opened stops the apply before anything is written', () => {
  const cases: [string, () => Promise<SecretEntry>, (host: Host) => void, RegExp][] = [
    [
      'another identity',
      async () => sealed(PASSWORD, await identityToRecipient(await generateIdentity())),
      () => {},
      /none of the identities/,
    ],
    [
      'no identity',
      () => sealed(PASSWORD),
      () => put('/etc/khp/identity', '# nothing\n', 0o600),
      /holds no identity/,
    ],
    [
      'an identity that others may read',
      () => sealed(PASSWORD),
      () => chmodSync(join(root, '/etc/khp/identity'), 0o644),
      /chmod 600/,
    ],
    [
      'an unknown vault id',
      async () => ({ kind: 'vault', ciphertext: '$ANSIBLE_VAULT', escape: 'xml', vault_id: 'dev' }),
      () => {},
      /no password for the vault id dev/,
    ],
    ['no text that the format can hold', () => sealed(`${PASSWORD}\u0001`), () => {}, /XML cannot/],
  ];
  test.each(cases)('%s', async (_, secret, spoil, message) => {
    const host = hostIn(temporaryFolder());
    await applyTo(host, bundleOf(1, '<a>plain</a>\n', []));
    spoil(host);
    const before = elsewhere();
    const failed = await applyTo(host, bundleOf(2, TEXT, [await secret()]));
    expect(failed).toHaveProperty('code');
    const { code, message: said } = failed as { code: string; message: string };
    expect(code).toMatch(/^apply\/secret-not-(?:opened|written)$/);
    expect(said).toMatch(message);
    expect(said).toContain(`${FILE}: secret 0`);
    expect(said).not.toContain('p&ss');
    expect(onDisk()).toBe('<a>plain</a>\n');
    expect(elsewhere().replace(/var\/lib\/khp\/secret-digest\.key\n[\s\S]{32}\n/, '')).toBe(before);
  });
});
