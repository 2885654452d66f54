import { posix } from 'node:path';
import { firstLabel } from '../contract/names.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';

/** Where a host stands. */
export interface HostPath {
  readonly type: string;
  readonly cluster: string;
  readonly host: string;
}

/** Whether a host is chosen; and what to tell of selectors that chose no host at all, once all hosts are known. */
export interface Selection {
  readonly selectors: readonly string[];
  matches(host: HostPath): boolean;
  /** Names the selectors that match none of the hosts, and what may have been meant; undefined where there are none. */
  missed(hosts: readonly HostPath[]): string | undefined;
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
    missed: (hosts) => {
      const missed = selectors.filter((selector) => !hosts.some((host) => chooses(selector, host)));
      if (missed.length === 0) return undefined;
      const hints = new Set(missed.flatMap((selector) => nearestSelector(selector, hosts) ?? []));
      return [`${missed.join(', ')}: selects no host`, ...hints].join('; ');
    },
  };
}

/** The selector that may have been meant: of a host by its name or first label alone, or one that is written so or nearly. */
function nearestSelector(selector: string, hosts: readonly HostPath[]): string | undefined {
  const name = selector.split('/').at(-1)!;
  const named = hosts.filter(({ host }) => host === name || firstLabel(host) === name);
  if (named.length === 1) return `did you mean \`${pathOf(named[0]!)}\`?`;
  const candidates = hosts.flatMap((host) => {
    const { type, cluster } = host;
    return [type, `${type}/${cluster}`, pathOf(host)].filter(
      (one) => one.split('/').length === selector.split('/').length,
    );
  });
  const clusters = hosts.filter(({ cluster }) => cluster === selector);
  const ofCluster = new Set(clusters.map(({ type, cluster }) => `${type}/${cluster}`));
  if (ofCluster.size === 1) return `did you mean \`${[...ofCluster][0]}\`?`;
  return didYouMean(selector, new Set(candidates));
}

function pathOf({ type, cluster, host }: HostPath): string {
  return `${type}/${cluster}/${host}`;
}

function matchesPart(name: string, pattern: string | undefined): boolean {
  return pattern === undefined || pattern === name || posix.matchesGlob(name, pattern);
}
