import { setTimeout } from 'node:timers/promises';
import { formatWaves } from '../../runner/fleet/rollout/format-rollout.ts';
import {
  type PreparedRollout,
  prepareRollout,
  type RolloutSession,
  type RolloutTarget,
  runRollout,
} from '../../runner/fleet/rollout/run-rollout.ts';
import { clusterOf } from '../../runner/fleet/sign-promotions.ts';
import { readStatus } from '../../runner/fleet/status.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { BUNDLES_REF, STATUS_REF } from '../contract/names.ts';
import type { Rollout } from '../contract/rollout.ts';
import { type RefStore, readRefs } from '../git/ref-store.ts';
import { reportsStore } from './config-repository.ts';
import { EXIT, print, UsageError } from './console.ts';
import type { Globals } from './globals.ts';
import { operatedFleet } from './operated-fleet.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import type { PromoteOptions } from './promote.ts';
import { readKey, selectHosts, trustOf } from './signing.ts';

/**
 * `khp promote --restart`: grants the restarts that the selected hosts are in debt of, in waves, cluster by cluster. What
 * was left is gone on with. Exit 1 where a rollout stopped.
 */
export async function restartHosts(
  selectors: readonly string[],
  options: PromoteOptions,
  globals: Globals,
): Promise<number> {
  const fleet = await operatedFleet(globals);
  if (!fleet) return EXIT.problems;
  const { workspace, settings, config, who } = fleet;
  const session: Omit<RolloutSession, 'key'> = {
    config,
    reports: settings.reports ? await reportsStore(workspace, settings) : undefined,
    who,
    trust: trustOf(settings),
    clock: () => Math.floor(Date.now() / 1000),
    pause: () => setTimeout(Number(options.poll) * 1000),
    tell: (line) => {
      if (!globals.json) print(line);
    },
  };
  const targets = await targetsOf(config, selectors);
  if (targets.length > 1 && !options.yes && !options.dryRun) {
    throw new UsageError(`this restarts services of ${targets.length} clusters: say --yes if that is meant`);
  }
  const prepared: PreparedRollout[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const target of targets) {
    const outcome = await prepareRollout(session, target);
    diagnostics.push(...outcome.diagnostics);
    if (outcome.value) prepared.push(outcome.value);
    else if (!hasErrors(outcome.diagnostics)) session.tell(`${clusterOf(target)}: nothing to restart`);
  }
  for (const { rollout, kind } of prepared) {
    if (kind === 'resumed') session.tell(`${clusterOf(rollout)}: goes on with what was left`);
    session.tell(formatWaves(rollout));
  }
  const rollouts: Rollout[] = prepared.map(({ rollout }) => rollout);
  const isBroken = hasErrors(diagnostics);
  if (!isBroken && !options.dryRun) {
    const key = prepared.length > 0 ? readKey(options.key) : undefined;
    for (const [index, one] of prepared.entries()) {
      const outcome = await runRollout({ ...session, key: key! }, one);
      diagnostics.push(...outcome.diagnostics);
      if (outcome.value) rollouts[index] = outcome.value;
      if (hasErrors(outcome.diagnostics)) break;
    }
  }
  tellDiagnostics(diagnostics, new Map(), globals.json);
  if (globals.json && !hasErrors(diagnostics)) print(JSON.stringify({ rollouts }));
  return hasErrors(diagnostics) ? EXIT.problems : EXIT.well;
}

/** The clusters of the selected hosts; all hosts that a cluster has, or had by the last reports, are members. */
async function targetsOf(config: RefStore, selectors: readonly string[]): Promise<RolloutTarget[]> {
  const refs = await readRefs(config, [BUNDLES_REF, STATUS_REF]);
  const bundles = refs.get(BUNDLES_REF);
  if (bundles === undefined) throw new UsageError(`there is no ${BUNDLES_REF}: run khp compile first`);
  const all = await selectHosts([], config, bundles);
  const selected = new Set((await selectHosts(selectors, config, bundles)).map(({ host }) => host));
  const status = refs.get(STATUS_REF);
  const reported = status === undefined ? [] : await readStatus(config, status);
  const clusters = Map.groupBy(all, clusterOf);
  return [...clusters].sort().flatMap(([name, hosts]): RolloutTarget[] => {
    const chosen = hosts.filter(({ host }) => selected.has(host)).map(({ host }) => host);
    const { type, cluster } = hosts[0]!;
    if (chosen.length === 0) return [];
    const others = reported.filter((one) => clusterOf(one) === name).flatMap((one) => Object.keys(one.hosts));
    const members = [...hosts.map(({ host }) => host), ...others];
    return [{ type, cluster, members, selected: new Set(chosen) }];
  });
}
