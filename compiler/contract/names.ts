import { createHash } from 'node:crypto';

/**
 * A host: lower-case letters, digits, dots, dashes; labels of DNS, so that it can stand in a path and in a ref (where no
 * name may end in `.lock`).
 */
export const HOST_NAME =
  /^(?!.{254})(?!.*\.lock$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** What most hosts are named; it is faster to tell. */
const PLAIN_HOST = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
const LONGEST_LABEL = 63;

/** Whether a text is a HOST_NAME. */
export function isHostName(name: string): boolean {
  if (name.length <= LONGEST_LABEL && PLAIN_HOST.test(name)) return !name.endsWith('.lock');
  return HOST_NAME.test(name);
}

/** Ansible's own pattern of an IPv4 address; such a name has no labels. */
const IPV4 = /^(?:(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])(?:\.(?!$)|$)){4}$/;

/** The first label of a host's name, which it goes by in short; of an address all of it, as in Ansible. */
export function firstLabel(host: string): string {
  return host.includes(':') || IPV4.test(host) ? host : host.split('.', 1)[0]!;
}

/**
 * Whether `<name>.host.yml` and `<name>.facts.yml` are a host's: they bear its name, or the first label of it where that is
 * no host itself.
 * @param hosts those of its cluster, by name
 */
export function isNamedAfter(host: string, name: string, hosts: { has(host: string): boolean }): boolean {
  return name === host || (name === firstLabel(host) && !hosts.has(name));
}

/** A cluster, a cluster's type, a component, a release, a role. `_` is khp's own (`_default.yml`). */
export const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,98}[a-zA-Z0-9])?$/;

export const BUNDLES_REF = 'refs/heads/bundles';
export const STATUS_REF = 'refs/heads/status';
export const AUDIT_REF = 'refs/heads/audit';

/** `<xx>`: the first two hex digits of the SHA-256 of the host's name; keeps folders of refs small. */
export function shardOf(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 2);
}

/** The ref that says what a host is to run. */
export function hostRef(host: string): string {
  return `refs/khp/hosts/${shardOf(host)}/${host}`;
}

/** The ref that a host reports to, in the reports repository. */
export function reportRef(host: string): string {
  return `refs/khp/reports/${shardOf(host)}/${host}`;
}

/** Where the rollouts of restarts are kept; each cluster has a ref below. */
export const ROLLOUT_REFS = 'refs/khp/rollouts/';

/** The ref of a cluster's rollout. Names may hold `..` and end in `.lock`, and refs may not: such a dot is written %2E. */
export function rolloutRef(type: string, cluster: string): string {
  const part = (name: string): string => name.replace(/\.(?=\.|lock$)/g, '%2E');
  return `${ROLLOUT_REFS}${part(type)}/${part(cluster)}`;
}
