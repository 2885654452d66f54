/** Where a literal is being read. */
export interface LiteralCursor {
  readonly text: string;
  at: number;
  /** The first escape that is half of a surrogate pair; of Python, two of them do not make one character. */
  half?: string;
}

/**
 * Thrown within the reader of literals where the text is none; it never passes literalEval. Texts that are none are
 * many, addresses of hosts among them: it is no Error, whose stack would cost more than all else.
 */
export class LiteralFailure {
  readonly kind: 'no literal' | 'error';
  readonly message: string;

  constructor(kind: 'no literal' | 'error', message: string) {
    this.kind = kind;
    this.message = message;
  }
}
