import type { AcceptedBundle } from '../accept/verdict.ts';
import { keptGenerations } from '../apply/keep-generations.ts';
import { replacedLinks } from '../apply/rollback.ts';
import type { StagedSecrets } from '../apply/stage.ts';
import { stagedFolders } from '../artifacts/artifact-ledger.ts';
import { observe } from '../observe/observe.ts';
import { type ActiveTarget, driftOf, type Plan, pathsToObserve, plan, unmountedOf } from '../plan/plan.ts';
import { linksOf, type WantedLink } from '../plan/plan-links.ts';
import { existingDigest, type KeyedDigest, keyedDigest } from '../secrets/digest-key.ts';
import { compareSecrets } from '../secrets/keyed-manifests.ts';
import { type OpenedFile, type OpenOutcome, openSecrets, pathsWithSecrets } from '../secrets/open-secrets.ts';
import { readSecretKeys } from '../secrets/secret-keys.ts';
import { type StoredGeneration, storedBundle } from '../state/read-generation.ts';
import type { HostState } from '../state/store.ts';
import { checkReturn } from './check-return.ts';
import { during } from './phases.ts';
import type { Host } from './run-once.ts';

/** A plan, and what it takes to carry it out. */
export interface Prepared {
  readonly plan: Plan;
  readonly secrets: StagedSecrets;
}

/** What is to be applied to what. */
export interface PrepareRequest {
  readonly bundle: AcceptedBundle;
  readonly state: HostState;
  /** Components whose services on this host are all stopped, so that their links may move; none where not said. */
  readonly switchable?: ReadonlySet<string>;
  /** Links that are to move beside those of the bundle. */
  readonly links?: readonly WantedLink[];
}

/**
 * What a bundle would change on the host. A file with new ciphertext counts as one to be written, though its clear text may
 * prove to be the same.
 */
export function previewFor(host: Host, request: PrepareRequest): Prepared {
  return planWith(host, request, existingDigest(host.engine.rooted));
}

/** The plan for an apply, with the secrets of the files that it writes opened in memory; or why one cannot be. */
export async function prepare(
  host: Host,
  request: PrepareRequest,
): Promise<Prepared | { readonly code: string; readonly message: string }> {
  const { bundle } = request;
  const digest = (pathsWithSecrets(bundle).length > 0 ? keyedDigest : existingDigest)(host.engine.rooted);
  const first = planWith(host, request, digest);
  const opened = await openWritten(host, bundle, first.plan);
  if (!opened.ok) return opened;
  return opened.files.size === 0 ? first : planWith(host, { ...request, opened: opened.files }, digest);
}

/** The files with secrets that a plan writes, with the clear texts in them; or why one cannot be opened. */
export async function openWritten(
  { settings, layout }: Host,
  bundle: AcceptedBundle,
  { steps }: Plan,
): Promise<OpenOutcome> {
  const withSecrets = new Set(pathsWithSecrets(bundle));
  const writes = steps.flatMap((step) => (step.kind === 'write' ? step.entry.path : []));
  const paths = writes.filter((path) => withSecrets.has(path));
  if (paths.length === 0) return { ok: true, files: new Map() };
  return openSecrets(bundle, paths, readSecretKeys(settings.config, layout.root));
}

/**
 * The same for a return to a kept generation, where this host's settings still allow it; with the links that came after it
 * back to what they replaced.
 */
export async function prepareRollback(
  host: Host,
  request: { target: StoredGeneration; state: HostState; switchable?: ReadonlySet<string> },
): ReturnType<typeof prepare> {
  const { target, ...rest } = request;
  const { rooted } = host.engine;
  const links = replacedLinks(keptGenerations(rooted), target);
  return (
    checkReturn(host, target, links) ??
    prepare(host, { ...rest, bundle: storedBundle(rooted, target), links })
  );
}

function planWith(
  { settings, engine }: Host,
  request: PrepareRequest & { readonly opened?: ReadonlyMap<string, OpenedFile> },
  digest: KeyedDigest,
): Prepared {
  const { bundle, state, opened = new Map(), switchable = new Set(), links = [] } = request;
  const compared = compareSecrets(
    { bundle, active: state.active, opened },
    { rooted: engine.rooted, digest },
  );
  const active: ActiveTarget | undefined = compared.active && {
    seq: state.active!.record.seq,
    manifest: compared.active,
    links: state.active!.record.links,
  };
  const paths = [...pathsToObserve(bundle.manifest, active?.manifest), ...links.map(({ path }) => path)];
  const keyed = { paths: compared.paths, digest };
  const observation = during(engine, 'observe', () =>
    observe(paths, { ...engine, ledger: state.ledger, keyed }),
  );
  const planned = during(engine, 'plan', () =>
    plan({
      target: { seq: bundle.promotion.seq, manifest: compared.target },
      active,
      observation,
      drift: settings.config.drift,
      links: {
        wanted: [...linksOf(bundle.manifest), ...links],
        switchable,
        staged: stagedFolders(engine.rooted, bundle.manifest.artifacts),
      },
    }),
  );
  // What is told of a plan has the digests of the bundle, not those of this host.
  const entries = new Map(bundle.manifest.files.map((entry) => [entry.path, entry]));
  const steps = planned.steps.map((step) =>
    step.kind === 'write' ? { ...step, entry: entries.get(step.entry.path)! } : step,
  );
  return { plan: { ...planned, steps }, secrets: { files: opened, digests: compared.digests } };
}

/** How the active generation lies on disk. */
export interface OnDisk {
  /** Its files and links that differ from it, sorted. */
  readonly drift: readonly string[];
  /** Its directories that are to be mount points and are none, sorted. */
  readonly unmounted: readonly string[];
}

/** Looks at the active generation on disk; nothing is to be told of a host without one. */
export function lookOnDisk({ engine }: Pick<Host, 'engine'>, { active, ledger }: HostState): OnDisk {
  if (!active) return { drift: [], unmounted: [] };
  const { digests, manifest, record } = active;
  const files = manifest.files.map((entry) => ({ ...entry, ...digests[entry.path] }));
  const mounts = manifest.directories.filter(({ mountpoint }) => mountpoint);
  const paths = [...[...files, ...mounts].map(({ path }) => path), ...Object.keys(record.links)];
  const keyed = { paths: new Set(Object.keys(digests)), digest: existingDigest(engine.rooted) };
  const observation = observe(paths, { ...engine, ledger, keyed });
  return {
    drift: driftOf({ manifest: { ...manifest, files }, links: record.links }, observation),
    unmounted: unmountedOf(manifest, observation),
  };
}
