/** A place in a file that a person wrote. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Place {
  /** Path from the root of the workspace, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The last line and the column just after the last character, where known. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

export type Severity = 'error' | 'warning';

/** One problem, said once: its permanent code, where it is, what, why, and what to do next. */
export interface Diagnostic {
  /** `phase/problem`, an entry of the catalogue (compiler/diagnostics/catalogue.ts). */
  readonly code: string;
  readonly severity: Severity;
  /** Missing only where no file is at fault. */
  readonly place?: Place;
  /** What is wrong, in one sentence without a full stop, with the names involved. */
  readonly message: string;
  /** The next action, in one sentence without a full stop. */
  readonly hint?: string;
  /** Other places that belong to it: "first declared here", "included from here". */
  readonly related?: readonly Related[];
  /** The hosts on which it shows, sorted, where it shows on some and not on others. */
  readonly hosts?: readonly string[];
}

export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** What a stage that reads a person's input returns: as much value as it could make, and everything it found wrong. */
export interface Outcome<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}
