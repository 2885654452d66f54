/** git failed: what it was asked, and what it said. */
export class GitError extends Error {
  readonly args: readonly string[];
  /** Undefined where git did not end by itself (stopped, or not installed). */
  readonly exit: number | undefined;
  /** The end of what git wrote to stderr. */
  readonly stderr: string;

  constructor(failure: {
    args: readonly string[];
    exit: number | undefined;
    stderr: string;
    reason?: string;
  }) {
    const { args, exit, stderr, reason } = failure;
    super(`git ${args[0]}: ${reason ?? (stderr.trim() || `exit code ${exit}`)}`);
    this.name = 'GitError';
    this.args = args;
    this.exit = exit;
    this.stderr = stderr;
  }
}
