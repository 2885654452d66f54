import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { splitCommand } from '../../../compiler/contract/command-line.ts';
import { definitionOf, type ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { ServiceAccount } from './service-account.ts';

/** Says in the environment of a process what it was started with. */
export const DEFINITION_VARIABLE = 'KHP_DEFINITION';

/** A digest of what a service is started with and stopped by. */
export function definitionDigest(service: ServiceEntry): string {
  return createHash('sha256')
    .update(canonicalJson(definitionOf(service)))
    .digest('hex');
}

/** The words of a command line, which the manifest's schema has checked. */
export function wordsOf(line: string): string[] {
  const words = splitCommand(line);
  if (!words) throw new Error(`no command line: ${JSON.stringify(line)}`);
  return words;
}

/** The variables that a service, and each command that is run for it, has besides those of the runner's own start. */
export function environmentOf(
  service: ServiceEntry,
  account: ServiceAccount | undefined,
): Record<string, string> {
  const { user } = service;
  return {
    ...(account && { HOME: account.home, USER: user, LOGNAME: user }),
    ...service.environment,
    [DEFINITION_VARIABLE]: definitionDigest(service),
  };
}

/**
 * The words that set the variables, and then the command. They come behind asUser: a loader of programs obeys some of them
 * (LD_PRELOAD), and would for root.
 */
export function withVariables(
  service: ServiceEntry,
  account: ServiceAccount | undefined,
  command: readonly string[],
): string[] {
  const variables = Object.entries(environmentOf(service, account))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return ['/usr/bin/env', ...variables, ...command];
}

/** The words that become the user, with its groups and without a privilege, and then the command. */
export function asUser(account: ServiceAccount | undefined, command: readonly string[]): string[] {
  if (!account) return [...command];
  const { uid, gid } = account;
  return ['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', ...command];
}

/** The words that set the limits, which takes the rights of root to raise them, and then the command. */
export function withLimits({ limits }: ServiceEntry, command: readonly string[]): string[] {
  const options = Object.entries(limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([limit, value]) => `--${limit}=${value}`);
  return options.length === 0 ? [...command] : ['/usr/bin/prlimit', ...options, ...command];
}

const MARK = /^[;#] khp (\{.*\})$/m;

/** What a file that khp gives to a service manager says of itself. */
export interface FileMark {
  readonly component: string;
  readonly role: string;
}

/** The first lines of such a file. */
export function formatMark(comment: ';' | '#', { component, role }: FileMark): string {
  const mark = JSON.stringify({ component, role });
  return `${comment} Written by khp-runner, which writes it again: change the component instead.\n${comment} khp ${mark}\n`;
}

/** Undefined for a file of anybody else. */
export function readMark(text: string): FileMark | undefined {
  const mark = MARK.exec(text)?.[1];
  if (mark === undefined) return undefined;
  try {
    const { component, role } = JSON.parse(mark) as Partial<FileMark>;
    return typeof component === 'string' && typeof role === 'string' ? { component, role } : undefined;
  } catch {
    return undefined;
  }
}
