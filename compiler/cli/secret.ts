import type { Command } from 'commander';
import { secretsIn, type WrittenSecret } from '../2-resolve/check-secret-recipients.ts';
import { isNamed, namedRecipients } from '../age/named-recipients.ts';
import { recipientTag } from '../age/recipients.ts';
import { print, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { editText } from './secret/edit-text.ts';
import { readValue } from './secret/read-value.ts';
import {
  allFiles,
  type ChosenFile,
  checkReaders,
  chooseFile,
  openSecret,
  openWorkspace,
  operatorIdentities,
  secretAt,
  writeSecret,
} from './secret/secret-workspace.ts';

interface WithIdentity {
  readonly identity?: string;
}

const IDENTITY = ['--identity <file>', 'what opens the secrets; KHP_IDENTITY where not said'] as const;

/** `khp secret`: sets, edits and encrypts anew the secrets of the work tree, and tells who can read them. */
export function addSecret(program: Command): void {
  const secret = program.command('secret').description('set secrets, and say who can read them');
  const add = (name: string, description: string): Command =>
    secret
      .command(name)
      .description(description)
      .exitOverride()
      .showHelpAfterError('(see khp secret --help)');
  add('set', 'encrypt a value, asked for or read from stdin, for those who see the file')
    .argument('<file>', 'a file of variables')
    .argument('<key>', 'where in it: db.password')
    .action(set);
  add('edit', 'change a value with $EDITOR')
    .argument('<file>', 'a file of variables')
    .argument('<key>', 'where in it: db.password')
    .option(...IDENTITY)
    .action(edit);
  add('rotate', 'encrypt anew what is not encrypted for those who are to read it')
    .argument('[file...]', 'files of variables; all where not said')
    .option('--all', 'every secret, also those whose readers are the same')
    .option(...IDENTITY)
    .action(rotate);
  add('recipients', 'print who can read the secrets of a file, and who ought to')
    .argument('<file>', 'a file of variables')
    .argument('[key]', 'one secret: db.password')
    .action(recipients);
}

async function set(name: string, key: string, _: unknown, command: Command): Promise<void> {
  const { folder, json } = globalsOf(command);
  const within = openWorkspace(folder);
  const file = chooseFile(within, folder, name);
  checkReaders(within, file);
  const path = key.split('.');
  if (path.includes(''))
    throw new UsageError(`${key} is no key; write the names from the outermost on, with dots between`);
  const value = await readValue(`value of ${key}`);
  await writeSecret(within, file, { path, value });
  tell(json, { file: file.file, key, readers: readerNames(file) });
}

async function edit(name: string, key: string, { identity }: WithIdentity, command: Command): Promise<void> {
  const { folder, json } = globalsOf(command);
  const within = openWorkspace(folder);
  const file = chooseFile(within, folder, name);
  checkReaders(within, file);
  const secret = secretAt(file, key);
  const before = await openSecret(secret, file, operatorIdentities(identity));
  const after = await editText(before);
  if (after === before) {
    print(json ? JSON.stringify({ file: file.file, key, changed: false }) : `${key}: unchanged`);
    return;
  }
  await writeSecret(within, file, { path: secret.path, value: after, instead: secret.secret.ciphertext });
  tell(json, { file: file.file, key, readers: readerNames(file) });
}

async function rotate(
  names: string[],
  { identity, all }: WithIdentity & { all?: boolean },
  command: Command,
): Promise<void> {
  const { folder, json } = globalsOf(command);
  const within = openWorkspace(folder);
  const chosen = names.length > 0 ? names.map((name) => chooseFile(within, folder, name)) : allFiles(within);
  const files = new Map(chosen.map((file) => [file.file, file]));
  for (const file of files.values()) if (secretsIn(file.vars).length > 0) checkReaders(within, file);
  const due = [...files.values()].flatMap((file) =>
    secretsIn(file.vars)
      .filter((secret) => all || !isForReaders(secret, file))
      .map((secret) => ({ file, secret })),
  );
  const identities = due.length > 0 ? operatorIdentities(identity) : [];
  // All of them first: a rotation is done whole or not at all.
  const opened = await Promise.all(
    due.map(async ({ file, secret }) => ({
      file,
      secret,
      value: await openSecret(secret, file, identities),
    })),
  );
  for (const { file, secret, value } of opened)
    await writeSecret(within, file, { path: secret.path, value, instead: secret.secret.ciphertext });
  const rotated = due.map(({ file, secret }) => ({ file: file.file, key: secret.path.join('.') }));
  if (json) print(JSON.stringify({ rotated }));
  else if (rotated.length === 0) print('every secret is encrypted for those who are to read it');
  else print(rotated.map(({ file, key }) => `${file}: ${key}\n`).join(''));
}

async function recipients(
  name: string,
  key: string | undefined,
  _: unknown,
  command: Command,
): Promise<void> {
  const { folder, json } = globalsOf(command);
  const within = openWorkspace(folder);
  const file = chooseFile(within, folder, name);
  checkReaders(within, file);
  const secrets = key === undefined ? secretsIn(file.vars) : [secretAt(file, key)];
  const known = new Map(
    allFiles(within).flatMap(({ readers }) =>
      readers.map((reader) => [recipientTag(reader.recipient.key), reader]),
    ),
  );
  const listed = secrets.map((secret) => {
    const named = namedRecipients(secret.secret.ciphertext);
    const can = [...known.values()]
      .filter(({ recipient }) => isNamed(recipient, named))
      .map(({ name }) => name);
    const unknown = named.tags ? [...named.tags].filter((tag) => !known.has(tag)).length : null;
    const cannot = file.readers.filter(({ recipient }) => isNamed(recipient, named) === false);
    return {
      key: secret.path.join('.'),
      can_read: [...new Set(can)],
      ought_to: readerNames(file),
      cannot_read: [...new Set([...cannot.map(({ name }) => name), ...file.without])],
      unknown_keys: unknown,
    };
  });
  if (json) {
    print(
      JSON.stringify({
        file: file.file,
        ought_to: readerNames(file),
        without_key: file.without,
        secrets: listed,
      }),
    );
    return;
  }
  const lines = [`${file.file} is for ${readerNames(file).join(', ') || 'nobody yet'}`];
  if (file.without.length > 0) lines.push(`  without a key: ${file.without.join(', ')}`);
  for (const one of listed) {
    lines.push(`${one.key}: can be read by ${one.can_read.join(', ') || 'nobody that is known'}`);
    if (one.unknown_keys === null) lines.push('  (not encrypted by khp: whom else it is for cannot be told)');
    else if (one.unknown_keys > 0)
      lines.push(
        `  and by ${count(one.unknown_keys, 'key')} that nobody has any more: rotate it, and give it a new value`,
      );
    if (one.cannot_read.length > 0) lines.push(`  ought to, and cannot: ${one.cannot_read.join(', ')}`);
  }
  print(lines.join('\n'));
}

function isForReaders({ secret }: WrittenSecret, { readers }: ChosenFile): boolean {
  const named = namedRecipients(secret.ciphertext).tags;
  const tags = new Set(readers.map(({ recipient }) => recipientTag(recipient.key)));
  return named !== undefined && named.size === tags.size && [...tags].every((tag) => named.has(tag));
}

function readerNames({ readers }: ChosenFile): string[] {
  return [...new Set(readers.map(({ name }) => name))];
}

function tell(json: boolean, done: { file: string; key: string; readers: string[] }): void {
  print(json ? JSON.stringify(done) : `${done.file}: ${done.key} is for ${done.readers.join(', ')}`);
}
