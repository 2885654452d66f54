import type { Manifest } from '../contract/manifest.ts';

/** All that a host is to hold: its manifest, and the bytes of its files by absolute path. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}
