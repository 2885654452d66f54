import type { HostVars, Inventory } from '../2-resolve/inventory.ts';
import { firstLabel } from '../contract/names.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { UsageError } from './console.ts';

/** The host that a person names; its first label will do where it is one host's alone. */
export function findHost(name: string, inventory: Inventory): HostVars {
  const hosts = inventory.clusters.flatMap((one) => one.hosts);
  const found = hosts.filter(({ host }) => host === name || firstLabel(host) === name);
  const exact = found.filter(({ host }) => host === name);
  const [only, other] = exact.length > 0 ? exact : found;
  if (only && !other) return only;
  if (other)
    throw new UsageError(`${name} is more than one host: ${found.map(({ host }) => host).join(', ')}`);
  const names = hosts.map(({ host }) => host);
  throw new UsageError([`there is no host ${name}`, didYouMean(name, names)].filter(Boolean).join('; '));
}
