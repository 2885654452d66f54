import { UnsupportedError } from '../../jinja/errors.ts';
import { PyObject } from '../../jinja/values/value.ts';

/** A text marked `!vault`: ciphertext, which is never opened here. */
export class VaultText extends PyObject {
  readonly typeName = 'AnsibleVaultEncryptedUnicode';
  /** The envelope, from `$ANSIBLE_VAULT` on, as written. */
  readonly ciphertext: string;

  constructor(ciphertext: string) {
    super();
    this.ciphertext = ciphertext;
  }

  override pyStr(): string {
    throw new UnsupportedError('a !vault value is encrypted, and nothing is decrypted here');
  }

  override pyRepr(): string {
    return this.pyStr();
  }

  override pyTruth(): boolean {
    return this.pyStr() !== '';
  }

  override pyEquals(): boolean {
    return this.pyStr() === '';
  }
}
