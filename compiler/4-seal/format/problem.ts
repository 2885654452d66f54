/** What a parser of a format found: where in the text (from 1), and what. */
export interface FormatProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
