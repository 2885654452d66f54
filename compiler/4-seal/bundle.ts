import type { Manifest } from '../contract/manifest.ts';
import type { SealedText } from './sealed-text.ts';

/** All that a host is to hold: its manifest, and the bytes of its files by absolute path. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A bundle that was compiled; the bytes of its files are made when they are asked for, one by one. */
export interface SealedBundle extends Bundle {
  /** The files by what is known of them without their bytes; one object for all hosts that have the same. */
  readonly sealed: ReadonlyMap<string, SealedText>;
}
