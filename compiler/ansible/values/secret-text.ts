import { randomBytes } from 'node:crypto';
import type { Value } from '../../jinja/values/value.ts';
import { LongSecret, MalformedSecret, SecretError } from '../errors.ts';
import { activeTemplar } from '../templar/active-templar.ts';
import { FailingObject } from './failing-object.ts';
import { normalVault } from './secret-envelope.ts';

/** `age`: an armored age file. `vault`: an envelope of ansible-vault. */
export type SecretKind = 'age' | 'vault';

/** A secret as it leaves the compiler. */
export type SealedSecret =
  | { readonly kind: 'age'; readonly ciphertext: string }
  | { readonly kind: 'vault'; readonly ciphertext: string; readonly vault_id: string };

/** Characters of a ciphertext: what the manifest can hold. */
const LONGEST = 65_536;

const START = '\u{F1CE4}';
const END = '\u{F1CE5}';
/** Of this process alone, so that no text of a workspace can hold a mark; it is in nothing that is kept. */
let nonce: string | undefined;

function nonceOfProcess(): string {
  nonce ??= randomBytes(16).toString('hex');
  return nonce;
}

function marksOf(text: string): RegExpExecArray[] {
  return [...text.matchAll(new RegExp(`${START}${nonceOfProcess()}:(\\d+)${END}`, 'gu'))];
}

/** Each secret that was printed, by the number in its mark. */
const printed: SecretText[] = [];
const numbers = new Map<string, number>();

const ADVICE = 'its clear text is known on the host only, so it can be inserted whole and nothing else';

/** What can be printed and nothing else: whatever a template does with it is an error. */
abstract class PrintedOnly extends FailingObject {
  abstract override pyOutput(): string;
  protected abstract readonly what: string;

  protected override fail(): never {
    throw new SecretError(`${this.what}: ${ADVICE}`);
  }

  override pyHash(): unknown {
    return this.fail();
  }

  override pyCall(): Value {
    return this.fail();
  }
}

/** A text marked `!secret` or `!vault`: ciphertext, which is never opened here. A template may only insert it whole. */
export class SecretText extends PrintedOnly {
  readonly typeName = 'AnsibleVaultEncryptedUnicode';
  readonly kind: SecretKind;
  /** The armored file, or the envelope from `$ANSIBLE_VAULT` on, as written. */
  readonly ciphertext: string;
  /** The host through whose `hostvars` it was read; only that host may have it. */
  readonly host: string | undefined;

  constructor(kind: SecretKind, ciphertext: string, host?: string) {
    super();
    this.kind = kind;
    this.ciphertext = ciphertext;
    this.host = host;
  }

  protected get what(): string {
    return `this value is a secret (!${this.kind === 'age' ? 'secret' : 'vault'})`;
  }

  /** The ciphertext in its one spelling, and for `vault` whose password opens it. */
  sealed(): SealedSecret {
    const { kind } = this;
    if (this.ciphertext.length > LONGEST)
      throw new LongSecret(
        `this secret has ${this.ciphertext.length} characters, and a bundle holds at most ${LONGEST} of one: each host and operator that can read it takes some 150`,
      );
    if (kind === 'age') return { kind, ciphertext: this.ciphertext };
    const normal = normalVault(this.ciphertext);
    if (!normal)
      throw new MalformedSecret('this value is marked !vault, and ansible-vault does not write it so');
    return { kind, ciphertext: normal.envelope, vault_id: normal.id };
  }

  override pyOutput(): string {
    this.sealed();
    if (this.host !== undefined && activeTemplar().variables.get('inventory_hostname') !== this.host) {
      throw new SecretError(
        `this value is a secret of host ${this.host}, and no other host may read it; set it for this host as well`,
      );
    }
    const key = `${this.kind}\n${this.host ?? ''}\n${this.ciphertext}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = printed.push(this) - 1;
      numbers.set(key, number);
    }
    return `${START}${nonceOfProcess()}:${number}${END}`;
  }
}

/** Output with a secret in it that a template kept as a value. */
class SecretOutput extends PrintedOnly {
  readonly typeName = 'str';
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  protected get what(): string {
    return 'this text has a secret in it';
  }

  override pyOutput(): string {
    return this.#text;
  }
}

/** Output that a template keeps as a value: one that can only be printed where there is a secret in it. */
export function captureSecrets(text: string): Value {
  return text.includes(START) ? new SecretOutput(text) : text;
}

/** Fails for a secret, and for output that holds one. */
export function refuseSecret(value: unknown): void {
  if (value instanceof PrintedOnly) value.pyStr();
}

/** What the template of a variable gave: the secret that it is, or a text without any. */
export function wholeSecret(text: string): SecretText | undefined {
  if (!text.includes(START)) return undefined;
  const [mark] = marksOf(text);
  if (mark && mark[0] === text) return printed[Number(mark[1])];
  const error = new SecretError(
    `this variable has a secret and something else in it: ${ADVICE}; put what stands around it into the template of the file`,
  );
  error.place = { template: undefined, line: 1, column: 1 };
  throw error;
}

/** A secret in a rendered text. */
export interface PlacedSecret {
  /** Into the text, in UTF-16 code units: where its marker begins. */
  readonly offset: number;
  readonly secret: SecretText;
}

/**
 * A rendered text with the marker `{{khp:secret:N}}` for each secret, numbered from 0 by first appearance of its
 * ciphertext; and where these are.
 */
export function placeSecrets(text: string): { text: string; secrets: PlacedSecret[] } {
  if (!text.includes(START)) return { text, secrets: [] };
  const secrets: PlacedSecret[] = [];
  const order: string[] = [];
  let placed = '';
  let at = 0;
  for (const mark of marksOf(text)) {
    const secret = printed[Number(mark[1])]!;
    if (!order.includes(secret.ciphertext)) order.push(secret.ciphertext);
    placed += text.slice(at, mark.index);
    secrets.push({ offset: placed.length, secret });
    placed += `{{khp:secret:${order.indexOf(secret.ciphertext)}}}`;
    at = mark.index + mark[0].length;
  }
  placed += text.slice(at);
  if (placed.includes(START) || placed.includes(END)) {
    throw new SecretError('the output holds a character (U+F1CE4 or U+F1CE5) that khp keeps for itself');
  }
  return { text: placed, secrets };
}
