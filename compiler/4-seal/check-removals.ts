import type { Manifest } from '../contract/manifest.ts';

/** A host's place and roles, as its manifest says them. */
export type Member = Pick<Manifest, 'type' | 'cluster' | 'host' | 'roles'>;

/** The share of a cluster's hosts that one compile may drop. */
const MAX_SHARE = 0.05;

/**
 * Says why a compile would drop more than it may without being told so: the last host of a role of a cluster, or more
 * than 5 % of a cluster's hosts. One sentence a reason, sorted by cluster.
 */
export function checkRemovals(before: readonly Member[], after: readonly Member[]): string[] {
  const remaining = new Set(after.map(({ host }) => host));
  const young = byCluster(after);
  const reasons: string[] = [];
  for (const [cluster, hosts] of byCluster(before)) {
    const gone = hosts.filter(({ host }) => !remaining.has(host));
    if (gone.length > hosts.length * MAX_SHARE) {
      reasons.push(`${cluster} would lose ${gone.length} of ${hosts.length} hosts: ${shown(gone)}`);
    }
    const roles = new Set(young.get(cluster)?.flatMap((host) => host.roles));
    const lost = [...new Set(hosts.flatMap((host) => host.roles))].filter((role) => !roles.has(role)).sort();
    for (const role of lost) reasons.push(`${cluster} would lose the last host of role ${role}`);
  }
  return reasons;
}

function byCluster(members: readonly Member[]): Map<string, Member[]> {
  const clusters = new Map<string, Member[]>();
  for (const member of members) {
    const name = `${member.type}/${member.cluster}`;
    const hosts = clusters.get(name);
    if (hosts) hosts.push(member);
    else clusters.set(name, [member]);
  }
  return new Map([...clusters].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shown(gone: readonly Member[]): string {
  const names = gone.slice(0, 5).map(({ host }) => host);
  return gone.length > names.length
    ? `${names.join(', ')} and ${gone.length - names.length} more`
    : names.join(', ');
}
