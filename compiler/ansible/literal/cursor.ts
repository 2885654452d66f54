/** Where a literal is being read. */
export interface LiteralCursor {
  readonly text: string;
  at: number;
  /** The first escape that is half of a surrogate pair; of Python, two of them do not make one character. */
  half?: string;
}

/** Thrown within the reader of literals where the text is none; it never passes literalEval. */
export class LiteralFailure extends Error {
  readonly kind: 'no literal' | 'error';

  constructor(kind: 'no literal' | 'error', message: string) {
    super(message);
    this.kind = kind;
  }
}
