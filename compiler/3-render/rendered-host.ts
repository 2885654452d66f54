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
  readonly directories: readonly DirectoryEntry[];
  readonly artifacts: readonly ArtifactEntry[];
  /** In start order. */
  readonly services: readonly ServiceEntry[];
  readonly metrics: Manifest['metrics'];
  readonly logs: Manifest['logs'];
}
