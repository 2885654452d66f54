/** A place in a text: both count from 1, columns in UTF-16 code units. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

/** Something wrong in a YAML text. An error leaves no value; a warning does. */
export interface YamlProblem {
  readonly severity: 'error' | 'warning';
  readonly place: YamlPlace;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly hint?: string;
  /** Another place that belongs to it. */
  readonly related?: { readonly place: YamlPlace; readonly message: string };
}

/** How the reader leaves off at the first error; it never passes the door (`loadYaml`). */
export class YamlFailure extends Error {
  readonly problem: YamlProblem;

  constructor(problem: Omit<YamlProblem, 'severity'>) {
    super(problem.message);
    this.problem = { severity: 'error', ...problem };
  }
}
