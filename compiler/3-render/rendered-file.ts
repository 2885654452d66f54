import type { Format } from '../1-load/component.ts';
import type { Place } from '../contract/diagnostic.ts';

/** A file of a host: its bytes, and what component.yml says of it. */
export interface RenderedFile {
  readonly host: string;
  /** `<type>/<cluster>` of the host. */
  readonly cluster: string;
  readonly component: string;
  /** The template's path from the root of the workspace. */
  readonly template: string;
  /** Absolute, on the host. */
  readonly path: string;
  /** Where component.yml says its path. */
  readonly pathPlace: Place;
  readonly text: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly format: Format;
  readonly restart: readonly string[];
  readonly reload: readonly string[];
}
