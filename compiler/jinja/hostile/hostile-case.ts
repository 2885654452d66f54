/** A template that a hostile author could write, and how it must end. */
export interface HostileCase {
  readonly name: string;
  readonly source: string;
  /** Plain JSON. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly templates?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly ends: HostileEnd;
}

/**
 * What Jinja prints too, or how many UTF-16 code units of it; the class of the error, Jinja's unless it is SecurityError
 * or UnsupportedError; or the limit that ends it here.
 */
export type HostileEnd =
  | { readonly output: string }
  | { readonly characters: number }
  | { readonly error: string }
  | { readonly limit: string };
