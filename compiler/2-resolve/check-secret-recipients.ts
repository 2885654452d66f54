import type { VarsFile, Workspace } from '../1-load/workspace.ts';
import { isNamed, namedRecipients } from '../age/named-recipients.ts';
import { recipientTag } from '../age/recipients.ts';
import { SecretText } from '../ansible/values/secret-text.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Inventory } from './inventory.ts';
import { readersOf, secretFiles } from './secret-files.ts';

/** A `!secret` of a file of variables. */
export interface WrittenSecret {
  /** The keys that lead to it, and indexes of lists. */
  readonly path: readonly (string | number)[];
  readonly secret: SecretText;
  readonly place: Place;
}

/** The `!secret` values of a file, in order. */
export function secretsIn({ file, vars, places }: VarsFile): WrittenSecret[] {
  const found: WrittenSecret[] = [];
  const open = new Set<Value>();
  const visit = (container: Dict | Value[], path: readonly (string | number)[]): void => {
    // An alias may lead back to what holds it.
    if (open.has(container)) return;
    open.add(container);
    const entries = Array.isArray(container) ? container.entries() : container;
    for (const [key, value] of entries as Iterable<[Value, Value]>) {
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      const at = [...path, key];
      if (value instanceof Dict || Array.isArray(value)) visit(value, at);
      else if (value instanceof SecretText && value.kind === 'age') {
        const place = places.of(container, key) ?? { file, line: 1, column: 1 };
        found.push({ path: at, secret: value, place });
      }
    }
    open.delete(container);
  };
  visit(vars, []);
  return found;
}

/** Warns of secrets that are encrypted for others than those who ought to read them. Nothing is decrypted. */
export function checkSecretRecipients(workspace: Workspace, inventory: Inventory): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const { vars, hosts } of secretFiles(workspace, inventory)) {
    const secrets = secretsIn(vars);
    if (secrets.length === 0) continue;
    const readers = readersOf(workspace, hosts);
    const tags = new Set(readers.map(({ recipient }) => recipientTag(recipient.key)));
    for (const { secret, place, path } of secrets) {
      const named = namedRecipients(secret.ciphertext);
      // What another program encrypted does not say for whom.
      if (!named.tags) continue;
      const without = readers.filter(({ recipient }) => !isNamed(recipient, named)).map(({ name }) => name);
      const strangers = [...named.tags].filter((tag) => !tags.has(tag)).length;
      if (without.length === 0 && strangers === 0) continue;
      const parts = [
        ...(without.length > 0 ? [`${listed(without)} cannot read it`] : []),
        ...(strangers > 0
          ? [`${strangers} ${strangers === 1 ? 'key that is' : 'keys that are'} no longer to read it can`]
          : []),
      ];
      diagnostics.push(
        diagnose('resolve/secret-recipients-changed', {
          place,
          message: `the secret \`${path.join('.')}\` is not encrypted for those who are to read it: ${parts.join('; ')}`,
          hint: `run \`khp secret rotate ${vars.file}\``,
        }),
      );
    }
  }
  return diagnostics;
}

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, 3).join(', ');
  return unique.length > 3 ? `${shown} and ${unique.length - 3} more` : shown;
}
