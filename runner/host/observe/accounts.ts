import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Owner } from '../apply/disk.ts';

/** The users and groups of this machine. */
export interface Accounts {
  /** Undefined for a user that does not exist. */
  uidOf(user: string): number | undefined;
  gidOf(group: string): number | undefined;
  /** The name, or the number where there is none. */
  userName(uid: number): string;
  groupName(gid: number): string;
}

/**
 * How owners are kept. `set`: as root, on the files themselves. `record`: in a sandbox or without privileges, in the
 * runner's state, while the files belong to whoever runs it.
 */
export type Ownership = { readonly kind: 'set'; readonly accounts: Accounts } | { readonly kind: 'record' };

/** The numbers of an owner; undefined where ownership is recorded. Throws for an account that does not exist. */
export function ownerNumbers(
  ownership: Ownership,
  entry: { owner: string; group: string },
): Owner | undefined {
  if (ownership.kind === 'record') return undefined;
  const uid = ownership.accounts.uidOf(entry.owner);
  const gid = ownership.accounts.gidOf(entry.group);
  if (uid === undefined || gid === undefined)
    throw new Error(`no such account: ${entry.owner}:${entry.group}`);
  return { uid, gid };
}

/** The first account of some owners that this machine does not have; undefined where it has all, or records them. */
export function missingAccount(
  ownership: Ownership,
  entries: readonly { readonly owner: string; readonly group: string }[],
): string | undefined {
  if (ownership.kind === 'record') return undefined;
  const { accounts } = ownership;
  for (const { owner, group } of entries) {
    if (accounts.uidOf(owner) === undefined) return `the user ${owner}`;
    if (accounts.gidOf(group) === undefined) return `the group ${group}`;
  }
  return undefined;
}

/** Reads /etc/passwd and /etc/group, and asks `getent` for what they don't have (LDAP and the like). */
export function machineAccounts(): Accounts {
  const users = database('passwd');
  const groups = database('group');
  return {
    uidOf: users.idOf,
    gidOf: groups.idOf,
    userName: users.nameOf,
    groupName: groups.nameOf,
  };
}

function database(name: 'passwd' | 'group') {
  const ids = new Map<string, number>();
  const names = new Map<number, string>();
  const asked = new Set<string>();
  const add = (line: string): void => {
    const [account, , id] = line.split(':');
    if (!account || !/^\d{1,10}$/.test(id ?? '')) return;
    // The first line of an account counts, as for getpwnam(3).
    if (!ids.has(account)) ids.set(account, Number(id));
    if (!names.has(Number(id))) names.set(Number(id), account);
  };
  for (const line of readFileSync(`/etc/${name}`, 'utf8').split('\n')) add(line);
  const ask = (key: string): void => {
    if (asked.has(key)) return;
    asked.add(key);
    const { status, stdout } = spawnSync('getent', [name, key], { encoding: 'utf8', timeout: 10_000 });
    if (status === 0) add(stdout.split('\n')[0]!);
  };
  return {
    idOf: (account: string): number | undefined => {
      if (!ids.has(account)) ask(account);
      return ids.get(account);
    },
    nameOf: (id: number): string => {
      if (!names.has(id)) ask(String(id));
      return names.get(id) ?? String(id);
    },
  };
}
