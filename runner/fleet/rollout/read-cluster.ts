import type { Diagnostic, Outcome } from '../../../compiler/contract/diagnostic.ts';
import { MANIFEST_PATH, Manifest } from '../../../compiler/contract/manifest.ts';
import { hostRef } from '../../../compiler/contract/names.ts';
import { retiresAll } from '../../../compiler/contract/promotion.ts';
import type { Trust } from '../../../compiler/git/allowed-signers.ts';
import { readObjects } from '../../../compiler/git/read-objects.ts';
import type { Repository } from '../../../compiler/git/repository.ts';
import { sha256 } from '../bundle-hosts.ts';
import { readCurrentPromotions } from '../current-promotions.ts';
import type { RolloutHost } from './plan-rollout.ts';

/** Whose promotions to read. */
export interface ClusterRequest {
  readonly repository: Repository;
  readonly hosts: readonly string[];
  readonly refs: ReadonlyMap<string, string>;
  readonly trust: Trust;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What the hosts of a cluster are to run, by host: those that have a promotion and are not retired. */
export async function readCluster(request: ClusterRequest): Promise<Outcome<Map<string, RolloutHost>>> {
  const { repository, refs } = request;
  const { value: current, diagnostics } = await readCurrentPromotions(request);
  const promotions = [...current.values()].filter((promotion) => !retiresAll(promotion));
  const hosts = new Map<string, RolloutHost>();
  const bad: string[] = [];
  let next = 0;
  const names = promotions.map(({ host }) => `${refs.get(hostRef(host))}:${MANIFEST_PATH}`);
  await readObjects({ repository, names }, (object) => {
    const { host, seq, manifest: digest, expires, restart } = promotions[next++]!;
    const manifest = object?.content && parseManifest(object.content, digest);
    if (manifest) hosts.set(host, { seq, digest, expires, restart, manifest });
    else bad.push(host);
  });
  return { value: hosts, diagnostics: [...diagnostics, ...unreadable(bad)] };
}

function parseManifest(bytes: Uint8Array, digest: string): Manifest | undefined {
  if (sha256(bytes) !== digest) return undefined;
  try {
    return Manifest.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function unreadable(hosts: readonly string[]): Diagnostic[] {
  if (hosts.length === 0) return [];
  const message = 'the manifest that is promoted to the host cannot be read';
  const hint = 'promote it anew with this version of khp';
  return [{ code: 'rollout/bad-manifest', severity: 'error', message, hint, hosts }];
}
