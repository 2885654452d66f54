import type { HostVars } from '../../2-resolve/inventory.ts';
import type { ImpactIndex, Part } from './impact-index.ts';

/** What an edit can reach. */
export class Reach {
  readonly parts = new Set<Part>();
  /** Hosts whose manifest may change otherwise than by their files. */
  readonly manifests = new Set<HostVars>();
  /** Hosts on which anything may change, and files come or go. */
  readonly whole = new Set<HostVars>();

  add(parts: Iterable<Part>): void {
    for (const part of parts) this.parts.add(part);
  }

  include({ parts, manifests, whole }: Reach): void {
    this.add(parts);
    for (const host of manifests) this.manifests.add(host);
    for (const host of whole) this.whole.add(host);
  }

  /** Everything on a host. */
  addWhole(host: HostVars, index: ImpactIndex): void {
    this.whole.add(host);
    this.manifests.add(host);
    this.add(index.ofHost(host));
  }

  /** Each file with the hosts that it is reached on. */
  files(): Map<string, HostVars[]> {
    const files = new Map<string, HostVars[]>();
    for (const { file, host } of this.parts) {
      if (!file) continue;
      const hosts = files.get(file.path);
      if (hosts) hosts.push(host);
      else files.set(file.path, [host]);
    }
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The hosts whose manifest is reached in what is not a file. */
  manifestHosts(): Set<HostVars> {
    const hosts = new Set(this.manifests);
    for (const { file, host } of this.parts) if (!file) hosts.add(host);
    return hosts;
  }
}
