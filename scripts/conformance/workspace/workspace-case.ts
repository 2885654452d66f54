/** A small workspace. */
export interface WorkspaceCase {
  readonly id: number;
  /** By path from the root. */
  readonly files: Readonly<Record<string, string>>;
}

/** Every file of every host: `<host>:<path>` → its text; null where an error stops it. */
export interface WorkspaceResult {
  readonly id: number;
  readonly rendered?: Readonly<Record<string, string | null>>;
  /** Those that ours refuses on purpose, each with the message of its error. */
  readonly refused?: Readonly<Record<string, string>>;
  readonly error?: { readonly class: string; readonly message: string };
  readonly skip?: string;
}
