import { readFileSync } from 'node:fs';
import { type BundleHost, readBundleHosts } from '../../runner/fleet/bundle-hosts.ts';
import type { Settings } from '../1-load/settings.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import { parseAllowedSigners, type Trust } from '../git/allowed-signers.ts';
import type { RefStore } from '../git/ref-store.ts';
import { parsePrivateKey, type SigningKey } from '../git/ssh-key.ts';
import { remark, UsageError } from './console.ts';
import type { Globals } from './globals.ts';
import { type OperatedFleet, operatedFleet } from './operated-fleet.ts';
import { parseSelectors } from './selector.ts';

/** The key of `--key` or KHP_SIGNING_KEY; a UsageError where there is none that can be used. */
export function readKey(option: string | undefined): SigningKey {
  const file = option ?? process.env.KHP_SIGNING_KEY;
  if (file === undefined) throw new UsageError('give the key to sign with: --key FILE, or KHP_SIGNING_KEY');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const outcome = parsePrivateKey(text);
  if (!outcome.ok) throw new UsageError(`${file}: ${outcome.problem}`);
  return outcome.key;
}

/** The hosts of the bundles that selectors choose, all without one; a UsageError for one that chooses none. */
export async function selectHosts(
  selectors: readonly string[],
  config: RefStore,
  bundles: string,
): Promise<(BundleHost & { readonly host: string })[]> {
  const selection = parseSelectors(selectors);
  const known = [...(await readBundleHosts(config.repository, bundles))].map(([host, at]) => ({
    ...at,
    host,
  }));
  const missed = selection.missed(known);
  if (missed !== undefined) throw new UsageError(`${missed} (of those that ${BUNDLES_REF} has)`);
  return known.filter((host) => selection.matches(host)).sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Whose signatures count: `publish.keys` of khp.yml. */
export function trustOf({ publish }: Settings): Trust {
  const { signers, problems } = parseAllowedSigners(publish.keys.join('\n'));
  for (const { line, message } of problems) remark(`khp: publish.keys of khp.yml, key ${line}: ${message}`);
  return { signers, revoked: [] };
}

/** What a command that signs works with. */
export interface SigningFleet extends OperatedFleet {
  readonly key: SigningKey;
  readonly trust: Trust;
}

/** The fleet around a folder, and the key of `--key`, which is looked at first; see readKey and operatedFleet. */
export async function signingFleet(
  option: string | undefined,
  globals: Globals,
): Promise<SigningFleet | undefined> {
  const key = readKey(option);
  const fleet = await operatedFleet(globals);
  return fleet && { ...fleet, key, trust: trustOf(fleet.settings) };
}
