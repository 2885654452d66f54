import { checkManifest } from '../accept/check-manifest.ts';
import { checkPath } from '../accept/check-paths.ts';
import { acceptPolicy } from '../config/accept-policy.ts';
import type { WantedLink } from '../plan/plan-links.ts';
import type { StoredGeneration } from '../state/read-generation.ts';
import type { Host, Problem } from './run-once.ts';

const NEXT = 'allow it in runner.yml again and give khp-runner rollback once more, or promote what is to run';

/**
 * Why a host may not return to a generation that it has applied once: runner.yml has changed since, and no longer allows
 * one of its paths or users. Undefined where it may.
 */
export function checkReturn(
  { settings }: Pick<Host, 'settings'>,
  { record, manifest }: StoredGeneration,
  links: readonly WantedLink[],
): Problem | undefined {
  const policy = acceptPolicy(settings);
  const unfit =
    checkManifest({ manifest, retire: [] }, policy) ??
    links.map(({ path }) => checkPath(path, policy)).find((refusal) => refusal !== undefined);
  if (!unfit) return undefined;
  const message = `runner.yml does not allow sequence ${record.seq} any more, which the host would return to: ${unfit.message}; ${NEXT}`;
  return { code: 'rollback/not-allowed', message };
}
