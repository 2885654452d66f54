import type { AcceptedBundle } from '../accept/verdict.ts';
import type { StagedSecrets } from '../apply/stage.ts';
import { observe } from '../observe/observe.ts';
import { driftOf, type Plan, pathsToObserve, plan, type Target } from '../plan/plan.ts';
import { existingDigest, type KeyedDigest, keyedDigest } from '../secrets/digest-key.ts';
import { compareSecrets } from '../secrets/keyed-manifests.ts';
import { type OpenedFile, openSecrets, pathsWithSecrets } from '../secrets/open-secrets.ts';
import { readSecretKeys } from '../secrets/secret-keys.ts';
import type { HostState } from '../state/store.ts';
import type { Host } from './run-once.ts';

/** A plan, and what it takes to carry it out. */
export interface Prepared {
  readonly plan: Plan;
  readonly secrets: StagedSecrets;
}

/**
 * What a bundle would change on the host. No secret is opened: a file with new ciphertext counts as one to be written,
 * though its clear text may prove to be the same.
 */
export function planFor(host: Host, bundle: AcceptedBundle, state: HostState): Plan {
  return planWith(host, { bundle, state }, existingDigest(host.engine.rooted)).plan;
}

/** The plan for an apply, with the secrets of the files that it writes opened in memory; or why one cannot be. */
export async function prepare(
  host: Host,
  bundle: AcceptedBundle,
  state: HostState,
): Promise<Prepared | { readonly code: string; readonly message: string }> {
  const { engine, layout, settings } = host;
  const withSecrets = new Set(pathsWithSecrets(bundle));
  const digest = (withSecrets.size > 0 ? keyedDigest : existingDigest)(engine.rooted);
  const first = planWith(host, { bundle, state }, digest);
  const writes = first.plan.steps.flatMap((step) => (step.kind === 'write' ? step.entry.path : []));
  const paths = writes.filter((path) => withSecrets.has(path));
  if (paths.length === 0) return first;
  const opened = await openSecrets(bundle, paths, readSecretKeys(settings.config, layout.root));
  if (!opened.ok) return opened;
  return planWith(host, { bundle, state, opened: opened.files }, digest);
}

function planWith(
  { settings, engine }: Host,
  request: { bundle: AcceptedBundle; state: HostState; opened?: ReadonlyMap<string, OpenedFile> },
  digest: KeyedDigest,
): Prepared {
  const { bundle, state, opened = new Map() } = request;
  const compared = compareSecrets(
    { bundle, active: state.active, opened },
    { rooted: engine.rooted, digest },
  );
  const active: Target | undefined = compared.active && {
    seq: state.active!.record.seq,
    manifest: compared.active,
  };
  const paths = pathsToObserve(bundle.manifest, active?.manifest);
  const keyed = { paths: compared.paths, digest };
  const planned = plan({
    target: { seq: bundle.promotion.seq, manifest: compared.target },
    active,
    observation: observe(paths, { ...engine, ledger: state.ledger, keyed }),
    drift: settings.config.drift,
  });
  // What is told of a plan has the digests of the bundle, not those of this host.
  const entries = new Map(bundle.manifest.files.map((entry) => [entry.path, entry]));
  const steps = planned.steps.map((step) =>
    step.kind === 'write' ? { ...step, entry: entries.get(step.entry.path)! } : step,
  );
  return { plan: { ...planned, steps }, secrets: { files: opened, digests: compared.digests } };
}

/** Files of the active generation that differ from it on disk. */
export function currentDrift({ engine }: Pick<Host, 'engine'>, { active, ledger }: HostState): string[] {
  if (!active) return [];
  const { digests, manifest } = active;
  const files = manifest.files.map((entry) => ({ ...entry, ...digests[entry.path] }));
  const paths = files.map(({ path }) => path);
  const keyed = { paths: new Set(Object.keys(digests)), digest: existingDigest(engine.rooted) };
  return driftOf({ ...manifest, files }, observe(paths, { ...engine, ledger, keyed }));
}
