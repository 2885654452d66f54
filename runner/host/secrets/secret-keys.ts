import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AgeIdentity, parseIdentities } from '../../../compiler/age/identities.ts';
import type { RunnerConfig } from '../config/runner-config.ts';

/** What this host opens secrets with. */
export interface SecretKeys {
  readonly identities: readonly AgeIdentity[];
  /** Passwords by vault id. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Why a key cannot be used: a sentence each, without a full stop. */
  readonly problems: readonly string[];
}

/** Reads the keys that runner.yml names, below the root. A key that others may read is none. */
export function readSecretKeys(
  { identities, vault_password_files }: Pick<RunnerConfig, 'identities' | 'vault_password_files'>,
  root: string,
): SecretKeys {
  const problems: string[] = [];
  const found: AgeIdentity[] = [];
  for (const path of identities) {
    const text = readKey(join(root, path), path, problems);
    const read = text === undefined ? undefined : parseIdentities(text);
    if (read?.ok) found.push(...read.identities);
    else if (read) problems.push(`${path}: ${read.problem}`);
  }
  const passwords = new Map<string, string>();
  for (const [id, path] of Object.entries(vault_password_files)) {
    const text = readKey(join(root, path), path, problems);
    if (text !== undefined) passwords.set(id, text.trim());
  }
  return { identities: found, passwords, problems };
}

function readKey(real: string, path: string, problems: string[]): string | undefined {
  try {
    if (statSync(real).mode & 0o077) {
      problems.push(`${path} may be read by others than its owner; \`chmod 600\` it`);
      return undefined;
    }
    return readFileSync(real, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(code === 'ENOENT' ? `${path} is missing` : `${path} cannot be read (${code})`);
    return undefined;
  }
}
