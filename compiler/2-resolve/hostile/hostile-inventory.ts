/**
 * A text, or parts of one with how often each is repeated; lines in which `#` is their number and `+` the next one; a
 * file of zeros; bytes; a symbolic link; or a named pipe.
 */
export type HostileContent =
  | string
  | readonly (string | readonly [text: string, times: number])[]
  | { readonly zeros: number }
  | { readonly latin1: string }
  | { readonly link: string }
  | { readonly fifo: true }
  | { readonly numbered: string; readonly count: number; readonly head?: string };

/** A plain inventory that a hostile author could write, and what is said of it. */
export interface HostileInventory {
  readonly name: string;
  readonly files: Readonly<Record<string, HostileContent>>;
  /** `hosts` where not said. */
  readonly sources?: readonly string[];
  /** A part of the first error, with its place, `file:line: message`; undefined where all is well. */
  readonly says?: string;
  /** What is printed: --list where not said. */
  readonly graph?: true;
  /** Why it cannot be printed. */
  readonly problem?: string;
}

/** What reading and printing it gave. */
export interface InventoryRun {
  /** Every error, as `file:line: message`. */
  readonly errors: readonly string[];
  readonly problem?: string;
  /** Milliseconds of processor time that it took, and the most megabytes that the process ever had. */
  readonly milliseconds: number;
  readonly megabytes: number;
}
