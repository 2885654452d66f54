/**
 * A value as JSON carries it between the programs. What JSON lacks is an object with one key: `$int` and `$float`
 * (digits as Python reads them), `$tuple`, `$dict` (pairs), `$markup`.
 */
export type Tagged =
  | null
  | boolean
  | number
  | string
  | readonly Tagged[]
  | { readonly [key: string]: Tagged };

/** Options of Jinja's Environment by Python's names; `undefined`: default, strict, chainable, debug. */
export type EnvironmentOptions = Readonly<Record<string, string | boolean | readonly string[]>>;

/** One template and what it is rendered with. */
export interface Case {
  readonly id: number;
  /** What the case was made for: a line of a table of the grammar. */
  readonly feature: string;
  /**
   * How it is run. Jinja: `render`; `expression` (compile_expression, the result's repr); `native` (NativeEnvironment,
   * the result's repr). Ansible: `file` (the template module's way), `var` (a variable's way, the result's repr).
   */
  readonly entry: 'render' | 'expression' | 'native' | 'file' | 'var';
  readonly env: EnvironmentOptions;
  readonly context: Readonly<Record<string, Tagged>>;
  readonly source: string;
  /** Templates that the source may include, by name. */
  readonly templates: Readonly<Record<string, string>>;
}

/** What a program made of a case. */
export interface Result {
  readonly id: number;
  readonly output?: string;
  readonly error?: { readonly class: string; readonly message: string };
  /** Why the program gave no answer that counts: it took too long, or too much memory. */
  readonly skip?: string;
}
