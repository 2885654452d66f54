import { lstatSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { HOST_NAME } from '../../../compiler/contract/names.ts';
import { parseAllowedSigners, parseRevokedKeys, type Trust } from '../../../compiler/git/allowed-signers.ts';
import type { Layout } from './layout.ts';
import { parseRunnerConfig, type RunnerConfig } from './runner-config.ts';

/** What the host says of itself: its settings, its name, and whom it trusts. */
export interface HostSettings {
  readonly config: RunnerConfig;
  readonly host: string;
  readonly trust: Trust;
}

export type SettingsOutcome =
  | { readonly ok: true; readonly settings: HostSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads `/etc/khp`. A missing or broken file of keys is a problem: a host that does not know whom to distrust trusts
 * nobody. `revoked_keys` may be missing. A line of allowed_signers that is not understood is a problem too, and a password
 * that others may read.
 */
export function readSettings(layout: Layout, name: string | undefined): SettingsOutcome {
  const problems: string[] = [];
  const text = readBytes(layout.settings, problems);
  const parsed = text && parseRunnerConfig(text.toString('utf8'));
  if (parsed && !parsed.ok) problems.push(...parsed.problems.map((problem) => `runner.yml: ${problem}`));
  if (parsed?.ok && holdsPassword(parsed.config) && !isPrivate(layout)) problems.push(READABLE);
  const signers = parseAllowedSigners(readBytes(layout.allowedSigners, problems)?.toString('utf8') ?? '');
  const revoked = parseRevokedKeys(readRevoked(layout.revokedKeys, problems) ?? Buffer.alloc(0));
  problems.push(...signers.problems.map(({ line, message }) => `allowed_signers, line ${line}: ${message}`));
  problems.push(...revoked.problems.map(({ line, message }) => `revoked_keys, line ${line}: ${message}`));
  const host = name ?? (parsed?.ok ? parsed.config.host : undefined) ?? hostname();
  if (!HOST_NAME.test(host)) problems.push(`${JSON.stringify(host)} is no name of a host`);
  if (!parsed?.ok || problems.length > 0) return { ok: false, problems };
  const trust: Trust = { signers: signers.signers, revoked: revoked.revoked };
  return { ok: true, settings: { config: parsed.config, host, trust } };
}

const READABLE =
  "runner.yml holds a password, and must be root's and nobody else's to read: chown root, chmod 0600";

function holdsPassword({ services, proxy }: RunnerConfig): boolean {
  const ofProxy = proxy !== undefined && new URL(proxy).password !== '';
  return ofProxy || (services?.manager === 'supervisord' && services.password !== undefined);
}

/** Whether nobody may read the settings but who runs this: root, on a real host. */
function isPrivate({ settings }: Layout): boolean {
  const found = statSync(settings, { throwIfNoEntry: false });
  return found !== undefined && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

function readBytes(path: string, problems: string[]): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(code === 'ENOENT' ? `${path} is missing` : `${path} cannot be read (${code})`);
    return undefined;
  }
}

/** The file may be missing. A link to nothing is no missing file: what it led to may have revoked keys. */
function readRevoked(path: string, problems: string[]): Buffer | undefined {
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return isThere ? readBytes(path, problems) : undefined;
}
