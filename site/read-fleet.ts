import { RETIRE_ALL } from '../compiler/contract/promotion.ts';
import type { Repository } from '../compiler/git/repository.ts';
import { GitError } from '../compiler/git/run-git.ts';
import type { Fleet, FleetCluster, FleetHost, FleetRelease, HostDetail } from './fleet.ts';
import { assembleHost, type HostSources } from './read/assemble-host.ts';
import { type Config, openConfig } from './read/open-config.ts';
import { createProblems, type Problems } from './read/problems.ts';
import { type Bundle, type Bundles, readBundles } from './read/read-bundles.ts';
import { type BundleToShow, readDetails } from './read/read-detail.ts';
import { readOperations } from './read/read-operations.ts';
import { type HostPromotion, readPromotions } from './read/read-promotions.ts';
import { readReleases } from './read/read-releases.ts';
import { type HostReport, readStatus } from './read/read-status.ts';

/** Where the fleet is read from. */
export interface FleetSource {
  /** The config repository: a path or a url. */
  readonly config: string;
  /** The path of the workspace's repository. */
  readonly workspace: string;
  /** Seconds since the epoch: the time for which states are told. */
  readonly now: number;
  /** A folder for what has to be fetched. */
  readonly scratch: string;
}

/** Takes what hosts' pages show beyond the fleet, a cluster's hosts together. */
export type DetailVisitor = (host: string, detail: HostDetail) => void;

/**
 * Reads a fleet from git. What is missing or cannot be read is left out and told in `problems`; without the config
 * repository, nothing is left but that one error.
 */
export async function readFleet(source: FleetSource, visit: DetailVisitor): Promise<Fleet> {
  const problems = createProblems();
  const config = await open(source, problems);
  const bundles: Bundles = config
    ? await readBundles(config, problems)
    : { compiled: null, hosts: new Map() };
  const promotions = config ? await readPromotions(config, problems) : new Map<string, HostPromotion>();
  const reports = config ? await readStatus(config, problems) : new Map<string, HostReport>();
  const hosts = assembleHosts({ bundles: bundles.hosts, promotions, reports }, source.now);
  const clusters = groupHosts(hosts);
  const commit = bundles.compiled?.source ?? null;
  const files = await readReleasesOf({ workspace: source.workspace, commit }, problems);
  if (config) await readAllDetails({ repository: config.repository, clusters, bundles, promotions }, visit);
  return {
    now: source.now,
    compiled: bundles.compiled,
    clusters,
    releases: withNamedReleases(files, hosts),
    operations: config ? await readOperations(config, problems) : [],
    problems: problems.list(),
  };
}

async function open({ config, scratch }: FleetSource, problems: Problems): Promise<Config | undefined> {
  try {
    return await openConfig(config, scratch);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.add('site/no-repository', { detail: error.message });
    return undefined;
  }
}

async function readReleasesOf(source: Parameters<typeof readReleases>[0], problems: Problems) {
  try {
    return await readReleases(source, problems);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    problems.add('site/no-repository', { detail: error.message });
    return new Map<string, FleetRelease>();
  }
}

interface Sources {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly promotions: ReadonlyMap<string, HostPromotion>;
  readonly reports: ReadonlyMap<string, HostReport>;
}

/** Every host that a ref speaks of, sorted. Its cluster is where it is compiled, else promoted, else reported. */
function assembleHosts({ bundles, promotions, reports }: Sources, now: number): FleetHost[] {
  // A host that is retired as a whole, and gone from the status, is nobody's any more.
  const isGone = (host: string): boolean =>
    !bundles.has(host) && !reports.has(host) && promotions.get(host)?.retire.includes(RETIRE_ALL) === true;
  const known = new Set([...bundles.keys(), ...promotions.keys(), ...reports.keys()]);
  const names = [...known].filter((host) => !isGone(host)).sort();
  return names.map((host) => {
    const [compiled, promoted, reported] = [bundles.get(host), promotions.get(host), reports.get(host)];
    const { type, cluster } = compiled?.manifest ?? promoted?.manifest ?? reported!;
    const sources: HostSources = { host, type, cluster, compiled, promoted, report: reported?.report };
    return assembleHost(sources, now);
  });
}

function groupHosts(hosts: readonly FleetHost[]): FleetCluster[] {
  const clusters = Map.groupBy(hosts, ({ type, cluster }) => `${type}/${cluster}`);
  return [...clusters]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, members]) => ({ type: members[0]!.type, cluster: members[0]!.cluster, hosts: members }));
}

interface DetailSources {
  readonly repository: Repository;
  readonly clusters: readonly FleetCluster[];
  readonly bundles: Bundles;
  readonly promotions: ReadonlyMap<string, HostPromotion>;
}

async function readAllDetails(sources: DetailSources, visit: DetailVisitor): Promise<void> {
  const { repository, clusters, bundles, promotions } = sources;
  for (const { hosts } of clusters) {
    const toShow = hosts.flatMap(({ host }): BundleToShow[] => {
      const compiled = bundles.hosts.get(host);
      if (compiled) return [{ host, from: 'compiled', commit: undefined, ...compiled }];
      const promoted = promotions.get(host);
      return promoted ? [{ host, from: 'promoted', objects: undefined, ...promoted }] : [];
    });
    const shown = new Set(toShow.map(({ host }) => host));
    for (const { host } of hosts) {
      if (!shown.has(host)) visit(host, { manifest: null, from: 'compiled', previews: {} });
    }
    await readDetails(repository, toShow, visit);
  }
}

/** The releases with a file, and those that only hosts name, sorted. */
function withNamedReleases(
  files: ReadonlyMap<string, FleetRelease>,
  hosts: readonly FleetHost[],
): FleetRelease[] {
  const named = hosts.flatMap(({ compiled, promoted, report }) =>
    [compiled, promoted, report?.active].flatMap((content) => content?.release ?? []),
  );
  return [...new Set([...files.keys(), ...named])]
    .sort()
    .map(
      (release) =>
        files.get(release) ?? { release, known: false, date: null, summary: null, components: [], notes: '' },
    );
}
