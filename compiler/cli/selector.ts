import { posix } from 'node:path';

/** Where a host stands. */
export interface HostPath {
  readonly type: string;
  readonly cluster: string;
  readonly host: string;
}

/** Whether a host is chosen; and which of the selectors chose no host at all, once all hosts were asked for. */
export interface Selection {
  readonly selectors: readonly string[];
  matches(host: HostPath): boolean;
  /** Those of the selectors that match none of the hosts. */
  unmatched(hosts: readonly HostPath[]): string[];
}

/**
 * SELECTOR is `type`, `type/cluster`, `type/cluster/host`, or a glob of these (`*`, `?`, `[ab]`, `{a,b}` within a part).
 * No selector selects every host.
 */
export function parseSelectors(selectors: readonly string[]): Selection {
  const chooses = (selector: string, { type, cluster, host }: HostPath) => {
    const parts = selector.split('/');
    return parts.length <= 3 && [type, cluster, host].every((name, i) => matchesPart(name, parts[i]));
  };
  return {
    selectors,
    matches: (host) => selectors.length === 0 || selectors.some((selector) => chooses(selector, host)),
    unmatched: (hosts) => selectors.filter((selector) => !hosts.some((host) => chooses(selector, host))),
  };
}

function matchesPart(name: string, pattern: string | undefined): boolean {
  return pattern === undefined || pattern === name || posix.matchesGlob(name, pattern);
}
