import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve as resolvePath } from 'node:path';
import { load } from '../../1-load/load.ts';
import { readWorkTree } from '../../1-load/read-files.ts';
import type { VarsFile, Workspace } from '../../1-load/workspace.ts';
import { readYaml } from '../../1-load/yaml-source.ts';
import { secretsIn, type WrittenSecret } from '../../2-resolve/check-secret-recipients.ts';
import type { Inventory } from '../../2-resolve/inventory.ts';
import { resolve } from '../../2-resolve/resolve.ts';
import { type Reader, readersOf, secretFiles } from '../../2-resolve/secret-files.ts';
import { decryptSecret, encryptSecret } from '../../age/age.ts';
import { type AgeIdentity, parseIdentities } from '../../age/identities.ts';
import { LONGEST_CIPHERTEXT } from '../../contract/manifest.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { Dict } from '../../jinja/values/dict.ts';
import { unknownReaders } from '../../unknown-readers.ts';
import { remark, UsageError } from '../console.ts';
import { workspaceRoot } from '../work-tree.ts';
import { setInYaml } from './set-in-yaml.ts';

/** Characters that each reader takes of a ciphertext, at least: stanza and record of an X25519 key, in armor. */
const PER_READER = 147;

/** A workspace whose secrets are changed. */
export interface SecretWorkspace {
  readonly root: string;
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  readonly unknownReaders: ReturnType<typeof unknownReaders>;
}

export function openWorkspace(folder: string): SecretWorkspace {
  const root = workspaceRoot(folder);
  const { value: files, diagnostics: reading } = readWorkTree(root);
  const { value: workspace, diagnostics: loading } = load(files);
  const { value: inventory, diagnostics: resolving } = resolve(workspace);
  return {
    root,
    workspace,
    inventory,
    unknownReaders: unknownReaders([...reading, ...loading, ...resolving]),
  };
}

/** A file of variables, and who ought to read its secrets. */
export interface ChosenFile {
  /** From the root of the workspace. */
  readonly file: string;
  readonly vars: VarsFile;
  readonly readers: readonly Reader[];
  /** Hosts that see the file and have no key. */
  readonly without: readonly string[];
}

/** @throws UsageError where it cannot be told who is to read the secrets of a file. */
export function checkReaders({ unknownReaders }: SecretWorkspace, { file }: ChosenFile): void {
  const mistake = unknownReaders(file);
  if (!mistake) return;
  const { file: at, line } = mistake.place!;
  throw new UsageError(
    `who is to read the secrets of ${file} cannot be told: ${at}:${line}: ${mistake.message}; correct it first, see khp check`,
  );
}

/** Every file of variables, once. */
export function allFiles({ workspace, inventory }: SecretWorkspace): ChosenFile[] {
  return secretFiles(workspace, inventory).map(({ vars, hosts }) => {
    const readers = readersOf(workspace, hosts);
    const named = new Set(readers.map(({ name }) => name));
    const without = hosts.map(({ host }) => host).filter((host) => !named.has(host));
    return { file: vars.file, vars, readers, without };
  });
}

/** The file that an argument names, from the current folder or from the root. */
export function chooseFile(within: SecretWorkspace, folder: string, name: string): ChosenFile {
  const files = allFiles(within);
  const here = relative(realpathSync(within.root), resolvePath(realpathSync(folder), name));
  const found = files.find(({ file }) => file === here) ?? files.find(({ file }) => file === name);
  if (found) return found;
  const meant = didYouMean(
    name,
    files.map(({ file }) => file),
  );
  const isThere = [resolvePath(folder, name), join(within.root, name)].some((path) => existsSync(path));
  const said = isThere
    ? [
        `${name} is no file of variables that can be read`,
        meant ?? 'secrets stand in files of variables below inventories/, and in defaults.yml',
      ]
    : [`there is no file ${name}`, 'where it is to be a new one, make it first, empty', meant];
  throw new UsageError(said.filter(Boolean).join('; '));
}

/** The secret at a path of a file. */
export function secretAt({ file, vars }: ChosenFile, key: string): WrittenSecret {
  const secrets = secretsIn(vars);
  const found = secrets.find(({ path }) => path.join('.') === key);
  if (found) return found;
  const names = secrets.map(({ path }) => path.join('.'));
  const hint = didYouMean(key, names);
  throw new UsageError(`${file} has no secret ${key}${hint === undefined ? '' : `; ${hint}`}`);
}

/** A secret that is written. */
interface NewValue {
  readonly path: readonly (string | number)[];
  readonly value: string;
  /** The ciphertext that was opened for it: another one that stands there by now stays. */
  readonly instead?: string;
}

/** Encrypts a value for those who ought to read it and writes it to its file, of which nothing else changes. */
export async function writeSecret(
  { root }: SecretWorkspace,
  { file, readers, without }: ChosenFile,
  { path, value, instead }: NewValue,
): Promise<void> {
  if (readers.length === 0) {
    throw new UsageError(
      `nobody could read a secret in ${file}: put operators' keys into khp.yml (secrets.operators) and hosts' keys into <cluster>.recipients`,
    );
  }
  if (!readers.some(({ isOperator }) => isOperator))
    remark(
      'khp: no operator is named, so nobody can edit or rotate it, only set it anew; name them in khp.yml (secrets.operators)',
    );
  if (without.length > 0) {
    const shown = without.slice(0, 3).join(', ');
    const more = without.length > 3 ? ` and ${without.length - 3} more` : '';
    remark(
      `khp: no key of ${shown}${more} is known, so the secret is not for them; put theirs into <cluster>.recipients, then: khp secret rotate`,
    );
  }
  const keys = path.map(String);
  // Said before so many keys are worked through.
  if (readers.length * PER_READER > LONGEST_CIPHERTEXT) throw tooManyReaders(file, readers);
  const ciphertext = await encryptSecret(
    value,
    readers.map(({ recipient }) => recipient),
  );
  if (ciphertext.length > LONGEST_CIPHERTEXT)
    throw new UsageError(
      `the value is too long: encrypted for ${readers.length} keys it has ${ciphertext.length} characters, and a bundle holds at most ${LONGEST_CIPHERTEXT} of one secret`,
    );
  const full = join(root, file);
  const before = readFileSync(full, 'utf8');
  if (instead !== undefined && ciphertextAt(file, { text: before, keys }) !== instead)
    throw new UsageError(
      `${keys.join('.')} of ${file} was changed by somebody else meanwhile; it was left so`,
    );
  const after = setInYaml(before, { path: keys, ciphertext });
  if (!isOnlyChange(file, { before, after, keys, ciphertext })) {
    throw new UsageError(
      `${file} cannot be changed in place at ${keys.join('.')}; write a \`${keys.at(-1)}: x\` on a line of its own there, and try again`,
    );
  }
  const temporary = `${full}.khp-new`;
  let made = false;
  try {
    writeFileSync(temporary, after, { flag: 'wx' });
    made = true;
    chmodSync(temporary, statSync(full).mode & 0o777);
    renameSync(temporary, full);
  } catch (error) {
    if (made) rmSync(temporary, { force: true });
    else if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(
        `another khp writes ${file}, or ended while it did; where none runs, remove ${temporary}`,
      );
    throw new UsageError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function tooManyReaders(file: string, readers: readonly Reader[]): UsageError {
  return new UsageError(
    `${file} is seen by too many hosts for a secret: encrypted for ${readers.length} keys it has more than ${readers.length * PER_READER} characters, ` +
      `and a bundle holds at most ${LONGEST_CIPHERTEXT} of one; set it in each cluster's own file instead`,
  );
}

function ciphertextAt(
  file: string,
  { text, keys }: { readonly text: string; readonly keys: readonly string[] },
): string | undefined {
  const vars = readYaml(file, text).value?.value;
  if (!(vars instanceof Dict)) return undefined;
  const written = secretsIn({ file, vars, places: { of: () => undefined } });
  return written.find(({ path }) => path.map(String).join('\n') === keys.join('\n'))?.secret.ciphertext;
}

/** Whether the new text reads as the old one with the ciphertext at the path, and nothing else. */
function isOnlyChange(
  file: string,
  {
    before,
    after,
    keys,
    ciphertext,
  }: { before: string; after: string; keys: readonly string[]; ciphertext: string },
): boolean {
  const [old, young] = [before, after].map((text) => readYaml(file, text).value?.value);
  if (!(young instanceof Dict) || (old !== null && !(old instanceof Dict))) return false;
  if (ciphertextAt(file, { text: after, keys }) !== ciphertext) return false;
  return outline(old ?? new Dict(), keys) === outline(young, keys);
}

/** A mapping as text, without what stands at a path, and without mappings that hold nothing else. */
function outline(value: unknown, without: readonly string[] | undefined): string {
  if (value instanceof Dict) {
    const parts = [...value].flatMap(([key, item]) => {
      const below = without?.[0] === String(key) ? without.slice(1) : undefined;
      if (below?.length === 0) return [];
      const text = outline(item, below);
      return below && text === '{}' ? [] : [`${JSON.stringify(key)}:${text}`];
    });
    return `{${parts.join(',')}}`;
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) =>
      outline(item, without?.[0] === String(index) ? without.slice(1) : undefined),
    );
    return `[${items.join(',')}]`;
  }
  if (value !== null && typeof value === 'object') return JSON.stringify({ ...value });
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** The identities of the operator: of --identity, else of KHP_IDENTITY. */
export function operatorIdentities(option: string | undefined): readonly AgeIdentity[] {
  const path = option ?? process.env.KHP_IDENTITY;
  if (!path) throw new UsageError('say with --identity FILE or KHP_IDENTITY what opens the secrets');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const read = parseIdentities(text);
  if (!read.ok) throw new UsageError(`${path}: ${read.problem}`);
  return read.identities;
}

/** The clear text of a secret. */
export async function openSecret(
  { secret, path }: WrittenSecret,
  { file }: ChosenFile,
  identities: readonly AgeIdentity[],
): Promise<string> {
  try {
    return await decryptSecret(secret.ciphertext, identities);
  } catch {
    throw new UsageError(`the identity does not open ${path.join('.')} of ${file}`);
  }
}
