const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const FINISH = '-----END AGE ENCRYPTED FILE-----';
const HEADER = 'age-encryption.org/v1\n';

/**
 * The armor of an age file in its one spelling: lines of 64 characters, a line feed behind the last line. Undefined where
 * the text is none.
 */
export function normalArmor(text: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [first, ...rest] = lines.filter((line) => line !== '');
  if (first !== BEGIN || rest.pop() !== FINISH) return undefined;
  const body = rest.join('');
  const bytes = Buffer.from(body, 'base64');
  if (bytes.toString('base64') !== body || !bytes.subarray(0, HEADER.length).equals(Buffer.from(HEADER)))
    return undefined;
  return [BEGIN, ...body.match(/.{1,64}/g)!, FINISH, ''].join('\n');
}

/** An envelope of ansible-vault in its one spelling, and the vault id that it names. Undefined where the text is none. */
export function normalVault(text: string): { envelope: string; id: string } | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [header, ...body] = lines.filter((line) => line !== '');
  const match = /^\$ANSIBLE_VAULT;(?:1\.1;AES256|1\.2;AES256;([A-Za-z0-9_.@-]{1,64}))$/.exec(header ?? '');
  const hex = body.join('');
  if (!match || !/^(?:[0-9a-f]{2})+$/.test(hex)) return undefined;
  return { envelope: [header, ...hex.match(/.{1,80}/g)!, ''].join('\n'), id: match[1] ?? 'default' };
}
