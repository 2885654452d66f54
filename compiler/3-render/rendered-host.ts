import type { Place } from '../contract/diagnostic.ts';
import type { ArtifactEntry, DirectoryEntry, Manifest, ServiceEntry } from '../contract/manifest.ts';
import type { RenderedFile } from './rendered-file.ts';

/** A host with everything that its components put on it, every value final. */
export interface RenderedHost {
  readonly host: string;
  readonly type: string;
  readonly cluster: string;
  readonly release: string;
  /** The groups of the host that are roles of a component, sorted. */
  readonly roles: readonly string[];
  readonly files: readonly RenderedFile[];
  readonly directories: readonly Placed<DirectoryEntry>[];
  readonly artifacts: readonly Placed<ArtifactEntry>[];
  /** In start order. */
  readonly services: readonly ServiceEntry[];
  readonly metrics: Manifest['metrics'];
  readonly logs: Manifest['logs'];
}

/** An entry, and the place in component.yml that says its path. */
export interface Placed<T> {
  readonly entry: T;
  readonly place: Place;
}
