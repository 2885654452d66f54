/** A template that a hostile author could write, and how it must end. */
export interface HostileCase {
  readonly name: string;
  readonly source: string;
  /** Plain JSON. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly templates?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What Jinja prints too; the class of the error that Jinja raises too; or the limit that ends it here. */
  readonly ends: { readonly output: string } | { readonly error: string } | { readonly limit: string };
}
