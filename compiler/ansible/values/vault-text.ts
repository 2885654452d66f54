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
}
