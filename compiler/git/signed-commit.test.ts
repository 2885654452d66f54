import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllowedSigners, parseRevokedKeys } from './allowed-signers.ts';
import { formatCommit, type Identity } from './objects.ts';
import { readObject } from './read-objects.ts';
import { initRepository } from './repository.ts';
import { signCommit, verifyCommit } from './signed-commit.ts';
import { generateKey, keyOfSeed, parsePrivateKey, publicKeyBlob, publicKeyLine } from './ssh-key.ts';
import { formatSshSignature, signSsh } from './ssh-signature.ts';
import { temporaryFolder } from './temporary-repository.ts';
import { wireString, wireUint32 } from './wire.ts';
import { writeObjects } from './write-objects.ts';

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

const key = keyOfSeed(createHash('sha256').update('one').digest(), 'ops@example.com');
const otherKey = keyOfSeed(createHash('sha256').update('two').digest(), 'other');
const who: Identity = { name: 'Ops', email: 'ops@example.com', time: 1_700_000_000, zone: '+0000' };
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const commit = formatCommit({
  tree: emptyTree,
  parents: ['1'.repeat(40)],
  author: who,
  committer: who,
  message: 'promote a\n\nHost: a\n',
});
const signed = signCommit(commit, key);
const line = `ops ${publicKeyLine(key)}`;
const trust = { ...parseAllowedSigners(line), revoked: [], now: 1_700_000_000 };

function codeOf(bytes: Uint8Array, changed: Partial<typeof trust> = {}): string {
  const verdict = verifyCommit(bytes, { ...trust, ...changed });
  return verdict.ok ? 'ok' : verdict.code;
}

function withArmor(armor: string): Buffer {
  const header = `gpgsig ${armor.trimEnd().replaceAll('\n', '\n ')}\n`;
  return Buffer.from(commit.toString('utf8').replace('\n\n', `\n${header}\n`), 'utf8');
}

describe('verifyCommit', () => {
  test('accepts what signCommit signs and gives the parts of the commit', () => {
    expect(verifyCommit(signed, trust)).toMatchObject({
      ok: true,
      commit: {
        tree: emptyTree,
        parents: ['1'.repeat(40)],
        committedAt: 1_700_000_000,
        message: 'promote a\n\nHost: a\n',
        principals: 'ops',
      },
    });
    expect(withArmor(signSsh(commit, { key, namespace: 'git' }))).toEqual(signed);
  });

  test('refuses every flip of one bit', () => {
    for (let index = 0; index < signed.length * 8; index += 1) {
      const bytes = Buffer.from(signed);
      bytes[index >> 3]! ^= 1 << (index & 7);
      expect(codeOf(bytes), `bit ${index}`).not.toBe('ok');
    }
  });

  test('refuses every truncation, and every byte added behind or within', () => {
    for (let length = 0; length < signed.length; length += 1) {
      expect(codeOf(signed.subarray(0, length))).not.toBe('ok');
      const longer = Buffer.concat([signed.subarray(0, length), Buffer.from('\n'), signed.subarray(length)]);
      expect(codeOf(longer), `line feed at ${length}`).not.toBe('ok');
    }
    expect(codeOf(Buffer.concat([signed, Buffer.from('\0')]))).toBe('malformed');
  });

  const text = signed.toString('utf8');
  const [head, body] = [text.slice(0, text.indexOf('\n\n') + 1), text.slice(text.indexOf('\n\n') + 1)];
  const signature = head.slice(head.indexOf('gpgsig '));
  const cases: [string, string | Buffer, string][] = [
    ['no signature', commit, 'unsigned'],
    ['two signatures', `${head}${signature}${body}`, 'malformed'],
    [
      'a second signature header of sha256',
      `${head}${signature.replace('gpgsig', 'gpgsig-sha256')}${body}`,
      'malformed',
    ],
    ['an unknown header', `${head}note x\n${body}`, 'malformed'],
    ['an encoding', text.replace('gpgsig', 'encoding latin1\ngpgsig'), 'malformed'],
    [
      'the signature before the author',
      text.replace(signature, '').replace('author', `${signature}author`),
      'malformed',
    ],
    ['an empty signature', withArmor(''), 'malformed-signature'],
    [
      'a PGP signature',
      withArmor('-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n'),
      'malformed-signature',
    ],
    ['other message', text.replace('Host: a', 'Host: b'), 'bad-signature'],
    ['other tree', text.replace(emptyTree, 'a'.repeat(40)), 'bad-signature'],
    ['a parent more', text.replace('parent ', `parent ${'2'.repeat(40)}\nparent `), 'bad-signature'],
    ['other time', text.replace(/(committer .*)1700000000/, '$11700000001'), 'bad-signature'],
    [
      'signature of another namespace',
      withArmor(signSsh(commit, { key, namespace: 'file' })),
      'wrong-namespace',
    ],
    ['another key', signCommit(commit, otherKey), 'unknown-key'],
    [
      'the signature of another key under the name of ours',
      withArmor(
        formatSshSignature({ publicKey: key.publicKey, namespace: 'git', signature: Buffer.alloc(64, 1) }),
      ),
      'bad-signature',
    ],
    ['not UTF-8', Buffer.concat([signed, Buffer.from([0xff])]), 'malformed'],
    ['carriage returns', text.replaceAll('\n', '\r\n'), 'malformed'],
    [
      'armor on one line',
      withArmor(signSsh(commit, { key, namespace: 'git' }).replace(/(.{70})\n/, '$1')),
      'malformed-signature',
    ],
    ['sha256 as digest', withArmor(armorWith({ hash: 'sha256' })), 'malformed-signature'],
    ['bytes in the reserved field', withArmor(armorWith({ reserved: 'x' })), 'malformed-signature'],
    ['version 2', withArmor(armorWith({ version: 2 })), 'malformed-signature'],
  ];
  test.each(cases)('refuses %s', (_, bytes, code) => {
    expect(codeOf(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes)).toBe(code);
  });

  /** A signature that is right but for one field, over the bytes that this field asks for. */
  function armorWith({ hash = 'sha512', reserved = '', version = 1 }): string {
    const digest = createHash(hash).update(commit).digest();
    const bytes = [Buffer.from('SSHSIG'), ...['git', reserved, hash, digest].map(wireString)];
    const raw = sign(null, Buffer.concat(bytes), key.privateKey);
    const inner = Buffer.concat([wireString('ssh-ed25519'), wireString(raw)]);
    const fields = [publicKeyBlob(key.publicKey), 'git', reserved, hash, inner].map(wireString);
    const blob = Buffer.concat([Buffer.from('SSHSIG'), wireUint32(version), ...fields]);
    const lines = blob.toString('base64').match(/.{1,70}/g)!;
    return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
  }

  const lines: [string, string, string][] = [
    ['namespace git among others', `ops namespaces="file,git" ${publicKeyLine(key)}`, 'ok'],
    ['another namespace only', `ops namespaces="file" ${publicKeyLine(key)}`, 'unknown-key'],
    ['valid now', `ops valid-after="20231114",valid-before="20231115Z" ${publicKeyLine(key)}`, 'ok'],
    ['not valid yet', `ops valid-after="20231115" ${publicKeyLine(key)}`, 'key-not-valid'],
    ['not valid any more', `ops valid-before="20231114221319Z" ${publicKeyLine(key)}`, 'key-not-valid'],
    ['until this very second', `ops valid-before="20231114221320Z" ${publicKeyLine(key)}`, 'ok'],
    ['certificate authority', `ops cert-authority ${publicKeyLine(key)}`, 'unknown-key'],
    ['unknown option', `ops no-such="x" ${publicKeyLine(key)}`, 'unknown-key'],
    ['a date that is none', `ops valid-before="20990231" ${publicKeyLine(key)}`, 'unknown-key'],
    ['option twice', `ops namespaces="git",namespaces="file" ${publicKeyLine(key)}`, 'unknown-key'],
    ['expired on one line, valid on the next', `a valid-before="2000" ${publicKeyLine(key)}\n${line}`, 'ok'],
    ['a comment', `# ${line}`, 'unknown-key'],
  ];
  test.each(lines)('allowed_signers: %s', (_, text, code) => {
    expect(codeOf(signed, parseAllowedSigners(text))).toBe(code);
  });

  test('revoked_keys win, and what is not understood in them is said', () => {
    const { revoked, problems } = parseRevokedKeys(
      Buffer.from(`# lost\nssh-rsa AAAA x\n${publicKeyLine(key)}\nssh-ed25519 AAAA\n@cert x\n`),
    );
    expect(codeOf(signed, { revoked: revoked as never[] })).toBe('revoked-key');
    expect(problems.map(({ line }) => line)).toEqual([4, 5]);
    expect(parseRevokedKeys(Buffer.from('SSHKRL\n\0')).problems).toHaveLength(1);
  });

  test('reports lines of allowed_signers that trust nobody', () => {
    const { signers, problems } = parseAllowedSigners(
      `ops ssh-rsa AAAAB3Nz\nops\n${line}\nops ${publicKeyLine(key).replace('AAAA', 'BAAA')}\n`,
    );
    expect(signers).toHaveLength(1);
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 4]);
  });
});

describe('private keys', () => {
  test('PKCS#8 is read, other types and passphrases are named', () => {
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(parsePrivateKey(pem)).toMatchObject({ ok: true, key: { publicKey: Buffer.from(key.publicKey) } });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const texts = [
      rsa.export({ type: 'pkcs8', format: 'pem' }) as string,
      rsa.export({ type: 'pkcs1', format: 'pem' }) as string,
      key.privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }) as string,
      publicKeyLine(key),
      '',
    ];
    const problems = texts.map((text) => {
      const outcome = parsePrivateKey(text);
      return outcome.ok ? 'ok' : outcome.problem;
    });
    expect(problems).toEqual([
      expect.stringContaining('of type rsa'),
      expect.stringContaining('of type rsa'),
      expect.stringContaining('passphrase'),
      expect.stringContaining('public key'),
      expect.stringContaining('neither'),
    ]);
  });

  test('a generated key is read back, kept from others, and never overwritten', async () => {
    const path = join(await temporaryFolder(), 'key');
    const made = await generateKey(path, 'me');
    const read = parsePrivateKey(await readFile(path, 'utf8'));
    expect(read).toMatchObject({ ok: true, key: { comment: 'me', publicKey: Buffer.from(made.publicKey) } });
    await expect(generateKey(path, 'me')).rejects.toThrow('EEXIST');
    const text = await readFile(path, 'utf8');
    const damaged = `${text.slice(0, 200)}${text[200] === 'A' ? 'B' : 'A'}${text.slice(201)}`;
    expect(parsePrivateKey(damaged)).toMatchObject({ ok: false });
  });
});

describe.skipIf(!hasSshKeygen)('beside stock git and ssh-keygen', () => {
  test('git verify-commit accepts what we sign with a key that we made', async () => {
    const folder = await temporaryFolder();
    const made = await generateKey(join(folder, 'key'), 'me');
    const repository = await initRepository(join(folder, 'repository.git'));
    const own = formatCommit({ tree: emptyTree, parents: [], author: who, committer: who, message: 'x\n' });
    const [, id] = await writeObjects(repository, [
      { type: 'tree', content: Buffer.alloc(0) },
      { type: 'commit', content: signCommit(own, made) },
    ]);
    await writeFile(join(folder, 'signers'), `me@example.com ${publicKeyLine(made)}\n`);
    const run = (commitId: string) =>
      spawnSync(
        'git',
        ['-c', `gpg.ssh.allowedSignersFile=${join(folder, 'signers')}`, 'verify-commit', commitId],
        { cwd: repository.gitDir, encoding: 'utf8' },
      );
    expect(run(id!).stderr).toContain('Good "git" signature for me@example.com');
    expect(run(id!).status).toBe(0);
    const listed = execFileSync('ssh-keygen', ['-y', '-f', join(folder, 'key')], { encoding: 'utf8' });
    expect(listed.trim()).toBe(publicKeyLine(made));
  });

  test('we accept what git signs with a key that ssh-keygen made, and sign with it alike', async () => {
    const folder = await temporaryFolder();
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'made', '-f', join(folder, 'key')]);
    const outcome = parsePrivateKey(await readFile(join(folder, 'key'), 'utf8'));
    if (!outcome.ok) throw new Error(outcome.problem);
    const repository = await initRepository(join(folder, 'repository.git'));
    await writeObjects(repository, [{ type: 'tree', content: Buffer.alloc(0) }]);
    const settings = [
      'gpg.format=ssh',
      `user.signingKey=${join(folder, 'key')}`,
      'user.name=A',
      'user.email=a@b',
    ];
    const id = execFileSync(
      'git',
      [
        ...settings.flatMap((setting) => ['-c', setting]),
        'commit-tree',
        '-S',
        '-m',
        'two\n\nlines',
        emptyTree,
      ],
      { cwd: repository.gitDir, encoding: 'utf8' },
    ).trim();
    const { content } = (await readObject(repository, id))!;
    const own = {
      ...parseAllowedSigners(`a@b ${await readFile(join(folder, 'key.pub'), 'utf8')}`),
      revoked: [],
    };
    expect(own.problems).toEqual([]);
    expect(verifyCommit(content!, { ...own, now: 0 })).toMatchObject({
      ok: true,
      commit: { principals: 'a@b', message: 'two\n\nlines\n' },
    });
    const unsigned = Buffer.from(content!.toString('utf8').replace(/gpgsig [\s\S]*?\n(?! )/, ''), 'utf8');
    expect(signCommit(unsigned, outcome.key)).toEqual(content);
  });

  test('a key with a passphrase is named as such', async () => {
    const path = join(await temporaryFolder(), 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', path]);
    expect(parsePrivateKey(await readFile(path, 'utf8'))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('passphrase'),
    });
  });
});
