import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armor, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateKey, parsePrivateKey, publicKeyLine } from '../git/ssh-key.ts';
import { decryptSecret, encryptSecret } from './age.ts';
import { parseIdentities } from './identities.ts';
import { namedRecipients } from './named-recipients.ts';
import { parseRecipient, recipientTag, sshTag } from './recipients.ts';

const CLEAR = 'p&<>"ä\n\\ 1';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'khp-age-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An identity of each kind: its file, and its recipient. */
async function keys(): Promise<[string, string][]> {
  const made: [string, string][] = [];
  const identity = await generateIdentity();
  writeFileSync(join(folder, 'x25519'), `# comment\n${identity}\n`);
  made.push(['x25519', await identityToRecipient(identity)]);
  const ssh = parsePrivateKey(readFileSync(join(folder, 'ssh'), 'utf8'));
  if (ssh.ok) made.push(['ssh', publicKeyLine(ssh.key)]);
  return made;
}

const identitiesIn = (name: string) => {
  const read = parseIdentities(readFileSync(join(folder, name), 'utf8'));
  if (!read.ok) throw new Error(read.problem);
  return read.identities;
};

describe('secrets', async () => {
  beforeAll(() => generateKey(join(folder, 'ssh'), 'host'));

  test('are opened by each recipient, and by nobody else', async () => {
    const [x25519, ssh] = await keys();
    const recipients = [parseRecipient(x25519![1])!, parseRecipient(`${ssh![1]} comment`)!];
    const both = await encryptSecret(CLEAR, recipients);
    for (const name of ['x25519', 'ssh']) expect(await decryptSecret(both, identitiesIn(name))).toBe(CLEAR);
    const one = await encryptSecret(CLEAR, [recipients[0]!]);
    await expect(decryptSecret(one, identitiesIn('ssh'))).rejects.toThrow();
    const other = await encryptSecret(CLEAR, [recipients[1]!]);
    await expect(decryptSecret(other, identitiesIn('x25519'))).rejects.toThrow();
    const { tags, ssh: sshTags } = namedRecipients(both);
    expect(tags).toEqual(new Set(recipients.map(({ key }) => recipientTag(key))));
    expect(sshTags).toEqual(new Set([sshTag(recipients[1]!.ssh!)]));
  });

  test('keep their record of many recipients, which the MAC covers', async () => {
    const identity = await generateIdentity();
    const mine = parseRecipient(await identityToRecipient(identity))!;
    const others = await Promise.all(
      Array.from({ length: 20 }, async () =>
        parseRecipient(await identityToRecipient(await generateIdentity())),
      ),
    );
    const all = [mine, ...others.map((one) => one!)];
    const sealed = await encryptSecret(CLEAR, all);
    expect(namedRecipients(sealed).tags).toEqual(new Set(all.map(({ key }) => recipientTag(key))));
    expect(await decryptSecret(sealed, [identity])).toBe(CLEAR);
    const bytes = Buffer.from(sealed.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64').toString('latin1');
    const forged = bytes.replace(
      /(-> khp-recipients\n)(.)/,
      (_, head, char) => head + (char === 'A' ? 'B' : 'A'),
    );
    const lines = Buffer.from(forged, 'latin1')
      .toString('base64')
      .match(/.{1,64}/g)!;
    const armored = [sealed.split('\n')[0], ...lines, '-----END AGE ENCRYPTED FILE-----\n'].join('\n');
    expect(namedRecipients(armored).tags).not.toEqual(namedRecipients(sealed).tags);
    await expect(decryptSecret(armored, [identity])).rejects.toThrow();
  });

  test('a file that asks for work is refused at once', async () => {
    const identity = await generateIdentity();
    const encrypter = new Encrypter();
    encrypter.setPassphrase('x');
    encrypter.setScryptWorkFactor(10);
    const sealed = Buffer.from(await encrypter.encrypt(CLEAR)).toString('latin1');
    // 2^31 rounds: what opened it would run for hours.
    const bomb = Buffer.from(sealed.replace(/(-> scrypt \S+ )10/, '$131'), 'latin1');
    const before = process.cpuUsage();
    await expect(decryptSecret(armor.encode(bomb), [identity])).rejects.toThrow();
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  test.skipIf(spawnSync('age', ['--version']).error !== undefined)(
    'are read and written as the age program does',
    async () => {
      for (const [name, recipient] of await keys()) {
        const file = join(folder, `${name}.age`);
        writeFileSync(file, await encryptSecret(CLEAR, [parseRecipient(recipient)!]));
        const options = { encoding: 'utf8', stdio: 'pipe' } as const;
        expect(execFileSync('age', ['-d', '-i', join(folder, name), file], options)).toBe(CLEAR);
        const theirs = execFileSync('age', ['-a', '-r', recipient], { ...options, input: CLEAR });
        expect(await decryptSecret(theirs, identitiesIn(name))).toBe(CLEAR);
        expect(namedRecipients(theirs).tags).toBeUndefined();
      }
    },
  );

  test.each(['', 'age1', 'age1qqq', 'ssh-rsa AAAA', 'ssh-ed25519', 'ssh-ed25519 AAAA', 'AGE-SECRET-KEY-1X'])(
    'no recipient: %j',
    (text) => expect(parseRecipient(text)).toBeUndefined(),
  );

  test.each([
    '',
    '# nothing',
    'nonsense',
    '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
  ])('no identity: %j', (text) => expect(parseIdentities(text).ok).toBe(false));
});
