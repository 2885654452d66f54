import { globRegex } from '../ansible/glob-regex.ts';
import { parseAddress } from '../ansible/parse-address.ts';
import { Regex } from '../ansible/regex/regex.ts';
import { JinjaError } from '../jinja/errors.ts';
import { counted, DEFAULT_LIMITS } from '../jinja/limits.ts';
import { SPACE, stripEnd, stripStart } from '../jinja/values/text.ts';
import type { ClusterInventory, HostVars } from './inventory.ts';

/** A host that Ansible makes up of the machine that it runs on. */
export const IMPLICIT_LOCALHOST = Symbol('implicit localhost');

type Found = HostVars | typeof IMPLICIT_LOCALHOST;

/** Names of the machine that Ansible runs on: one that no host has is another name of the first host that has one. */
const LOCALHOST: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** Thrown within this file where Ansible stops with an error. */
class WrongPattern extends Error {}

/**
 * The hosts that a pattern stands for, as ansible/inventory/manager.py finds them: names of hosts and groups, globs and
 * `~regular expressions`, with a subscript, `&` or `!`, separated by commas or colons. Groups of one name in several
 * clusters are one group. The text of the error with which Ansible stops.
 */
export function hostsOfPattern(clusters: readonly ClusterInventory[], pattern: string): Found[] | string {
  const finder = new HostFinder(clusters);
  try {
    return counted(DEFAULT_LIMITS, () => [...new Set(finder.evaluate(splitPattern(pattern)))]);
  } catch (error) {
    if (error instanceof WrongPattern || error instanceof JinjaError) return error.message;
    throw error;
  }
}

/** The one host that a pattern stands for. */
export function hostOfPattern(clusters: readonly ClusterInventory[], pattern: string): HostVars | undefined {
  const found = hostsOfPattern(clusters, pattern);
  const [only] = found;
  return found.length === 1 && typeof only === 'object' ? only : undefined;
}

const PART = new RegExp(`(?:[^${SPACE}:[\\]]|\\[[^\\]]*\\])+`, 'gu');

function splitPattern(pattern: string): string[] {
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : parseAddress(pattern)
      ? [pattern]
      : (pattern.match(PART) ?? []);
  return parts.map((part) => stripEnd(stripStart(part))).filter((part) => part !== '');
}

/** Those without a modifier first, then those that must match too, then those that must not. */
function inOrder(patterns: readonly string[]): string[] {
  const both = patterns.filter((one) => one.startsWith('&'));
  const none = patterns.filter((one) => one.startsWith('!'));
  const regular = patterns.filter((one) => !/^[&!]/.test(one));
  return [...(regular.length === 0 ? ['all'] : regular), ...both, ...none];
}

const SUBSCRIPT = /^([^\n]+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/u;

class HostFinder {
  readonly #clusters: readonly ClusterInventory[];
  readonly #hosts: ReadonlyMap<string, HostVars>;

  constructor(clusters: readonly ClusterInventory[]) {
    this.#clusters = clusters;
    this.#hosts = new Map(clusters.flatMap(({ hosts }) => hosts.map((host) => [host.host, host])));
  }

  evaluate(patterns: readonly string[]): Found[] {
    let found: Found[] = [];
    for (const pattern of inOrder(patterns)) {
      const host = this.#hosts.get(pattern);
      if (host) {
        found.push(host);
        continue;
      }
      const matched = new Set(this.#match(pattern.replace(/^[&!]/, '')));
      if (pattern.startsWith('!')) found = found.filter((one) => !matched.has(one));
      else if (pattern.startsWith('&')) found = found.filter((one) => matched.has(one));
      else found.push(...matched);
    }
    return found;
  }

  #match(pattern: string): Found[] {
    if (pattern === '') throw new WrongPattern('a pattern is missing behind `&` or `!`');
    const [, expression, index, start, end] = (!pattern.startsWith('~') && SUBSCRIPT.exec(pattern)) || [];
    if (expression === undefined) return this.#enumerate(pattern);
    const hosts = this.#enumerate(expression);
    if (hosts.length === 0) return hosts;
    // As in Ansible, a range that ends with the first host is its beginning alone.
    if (start !== undefined && Number(end || -1) !== 0)
      return hosts.slice(Number(start), end === '' ? undefined : Number(end) + 1);
    const one = hosts.at(Number(index ?? start));
    if (!one) throw new WrongPattern(`No hosts matched the subscripted pattern '${pattern}'`);
    return [one];
  }

  /** A host may be there several times; each counts for a subscript. */
  #enumerate(pattern: string): Found[] {
    const matches = matcher(pattern);
    const groups = [...new Set(this.#clusters.flatMap((one) => [...one.ownHosts.keys()]))].filter(matches);
    const found: Found[] = groups.flatMap((group) => this.#hostsOf(group));
    if (groups.length === 0 || /^~|[.?*[]/.test(pattern))
      for (const [name, host] of this.#hosts) if (matches(name)) found.push(host);
    if (found.length === 0 && LOCALHOST.includes(pattern)) found.push(this.#localhost());
    return found;
  }

  #hostsOf(group: string): HostVars[] {
    const names = new Set(this.#clusters.flatMap(({ groups }) => groups.get(group) ?? []));
    return [...names].map((name) => this.#hosts.get(name)!);
  }

  #localhost(): Found {
    const name = [...this.#hosts.keys()].find((one) => LOCALHOST.includes(one));
    return name === undefined ? IMPLICIT_LOCALHOST : this.#hosts.get(name)!;
  }
}

function matcher(pattern: string): (name: string) => boolean {
  if (!/^~|[?*[]/.test(pattern)) return (name) => name === pattern;
  try {
    const regex = Regex.of(pattern.startsWith('~') ? pattern.slice(1) : globRegex(pattern));
    return (name) => regex.match(name) !== undefined;
  } catch (error) {
    if (error instanceof JinjaError) throw new WrongPattern(`Invalid host list pattern: ${pattern}`);
    throw error;
  }
}
