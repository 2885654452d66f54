import { formatTime } from '../../runner/fleet/audit.ts';
import { renew } from '../../runner/fleet/renew.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import { readRefs } from '../git/ref-store.ts';
import { EXIT, print, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import type { Globals } from './globals.ts';
import { tellDiagnostics } from './print-diagnostics.ts';
import type { PromoteOptions } from './promote.ts';
import { selectHosts, signingFleet } from './signing.ts';

/** A promotion for `--json`, its end as reports and `khp-runner status` write it. */
export function withTime<T extends { readonly expires: number }>(
  promotion: T,
): Omit<T, 'expires'> & { readonly expires: string } {
  return { ...promotion, expires: formatTime(promotion.expires) };
}

/** `khp promote --renew`: the promotions that hosts have, signed once more with a later end. */
export async function renewHosts(
  selectors: readonly string[],
  options: PromoteOptions,
  globals: Globals,
): Promise<number> {
  const fleet = await signingFleet(options.key, globals);
  if (!fleet) return EXIT.problems;
  const { config, key, trust, who } = fleet;
  const bundles = (await readRefs(config, [BUNDLES_REF])).get(BUNDLES_REF);
  if (bundles === undefined) throw new UsageError(`there is no ${BUNDLES_REF}: run khp compile first`);
  const hosts = await selectHosts(selectors, config, bundles);
  const { value, diagnostics } = await renew({
    config,
    key,
    trust,
    who,
    now: Math.floor(Date.now() / 1000),
    hosts: new Map(hosts.map((host) => [host.host, host])),
    yes: options.yes === true,
  });
  tellDiagnostics(diagnostics, new Map(), globals.json);
  if (!value) return EXIT.problems;
  const without =
    value.without.length > 0 ? `, ${count(value.without.length, 'host')} without a promotion` : '';
  const json = { ...value, renewed: value.renewed.map(withTime) };
  print(globals.json ? JSON.stringify(json) : `${value.renewed.length} renewed${without}`);
  return EXIT.well;
}
