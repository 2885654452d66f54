import { KEY_TYPE, parsePublicKeyBlob } from './ssh-key.ts';

/** A line of an allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS). */
export interface AllowedSigner {
  /** The line's principals as written: names or patterns, separated by commas. */
  readonly principals: string;
  /** 32 bytes, ed25519. */
  readonly publicKey: Uint8Array;
  /** Where the line says so; any namespace otherwise. */
  readonly namespaces: readonly string[] | undefined;
  /** Seconds since the epoch, from which on and until which the key counts. */
  readonly validAfter: number | undefined;
  readonly validBefore: number | undefined;
}

/** A line that cannot be used, and why: one sentence without a full stop. */
export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Who may sign, and the keys that may not any more. */
export interface Trust {
  readonly signers: readonly AllowedSigner[];
  /** 32 bytes each. A revoked key is refused whatever `signers` say. */
  readonly revoked: readonly Uint8Array[];
}

/**
 * Reads allowed_signers. A line that is not understood in full trusts nobody and is reported: keys of other types than
 * ed25519, certificate authorities, unknown options. Times without `Z` are UTC too, so that all hosts agree.
 */
export function parseAllowedSigners(text: string): { signers: AllowedSigner[]; problems: LineProblem[] } {
  const signers: AllowedSigner[] = [];
  const problems: LineProblem[] = [];
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(content)) continue;
    const signer = parseSigner(content);
    if (typeof signer === 'string') problems.push({ line: index + 1, message: signer });
    else signers.push(signer);
  }
  return { signers, problems };
}

/** Words, of which parts may stand in double quotes: `namespaces="git,file"` is one. */
function splitWords(line: string): string[] {
  return line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

function parseSigner(line: string): AllowedSigner | string {
  const [principals, ...words] = splitWords(line);
  const typeAt = words.findIndex((word) => /^(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+$/.test(word));
  if (typeAt < 0) {
    return 'the line names no type of key behind a name; a line is: ops@example.com namespaces="git" ssh-ed25519 AAAA…';
  }
  if (typeAt > 1) return 'the line has more than one word of options';
  if (words[typeAt] !== KEY_TYPE) return `keys of type ${words[typeAt]} are not supported, only ${KEY_TYPE}`;
  const publicKey = parseBase64Key(words[typeAt + 1]);
  if (!publicKey) return `the line holds no ${KEY_TYPE} key`;
  const options = parseOptions(typeAt === 1 ? splitOptions(words[0]!) : []);
  if (typeof options === 'string') return options;
  return { principals: principals!.replaceAll('"', ''), publicKey, ...options };
}

function parseBase64Key(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const blob = Buffer.from(text, 'base64');
  return blob.toString('base64') === text ? parsePublicKeyBlob(blob) : undefined;
}

type Options = Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>;

function parseOptions(words: readonly string[]): Options | string {
  const options: { -readonly [Key in keyof Options]: Options[Key] } = {
    namespaces: undefined,
    validAfter: undefined,
    validBefore: undefined,
  };
  const seen = new Set<string>();
  for (const option of words) {
    const match = /^([a-zA-Z-]+)(?:="([^"]*)")?$/.exec(option);
    const [, rawName, value] = match ?? [];
    const name = rawName?.toLowerCase();
    if (name === 'cert-authority') return 'certificate authorities are not supported';
    if (name === undefined || value === undefined) return `the option ${option} is not understood`;
    if (seen.has(name)) return `the option ${name} stands twice`;
    seen.add(name);
    const time = parseTime(value);
    if (name === 'namespaces') options.namespaces = value.split(',');
    else if (name === 'valid-after' && time !== undefined) options.validAfter = time;
    else if (name === 'valid-before' && time !== undefined) options.validBefore = time;
    else return `the option ${option} is not understood`;
  }
  return options;
}

function splitOptions(word: string): string[] {
  return word.match(/(?:[^,"]|"[^"]*"?)+/g) ?? [];
}

/** `YYYYMMDD`, with `HHMM` or `HHMMSS` behind it, perhaps with `Z`. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z?$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(iso);
  // Date.parse takes 31 February for 3 March.
  return !Number.isNaN(time) && new Date(time).toISOString() === iso ? time / 1000 : undefined;
}

/**
 * Reads revoked_keys: public keys, one a line. OpenSSH's binary lists (KRL), certificates and anything else that is not
 * understood are reported; who gets a problem must trust nobody.
 */
export function parseRevokedKeys(bytes: Uint8Array): { revoked: Uint8Array[]; problems: LineProblem[] } {
  const text = Buffer.from(bytes).toString('utf8');
  const revoked: Uint8Array[] = [];
  const problems: LineProblem[] = [];
  if (text.startsWith('SSHKRL\n\0')) {
    return { revoked, problems: [{ line: 1, message: 'binary lists of revoked keys are not supported' }] };
  }
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(content)) continue;
    const [type, key] = content.trim().split(/\s+/);
    const publicKey = type === KEY_TYPE ? parseBase64Key(key) : undefined;
    // A key of another type can never be trusted here, so there is nothing to revoke.
    const otherType = type !== KEY_TYPE && /^(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+$/.test(type!);
    if (publicKey) revoked.push(publicKey);
    else if (!otherType) problems.push({ line: index + 1, message: 'the line holds no public key' });
  }
  return { revoked, problems };
}
