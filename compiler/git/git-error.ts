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

/** Why a file of a repository could not be written where khp does itself what `command` would do; a bug stays one. */
export function fileError(command: string, error: unknown): unknown {
  const { syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new GitError({ args: [command], exit: undefined, stderr: '', reason: message });
}

/** A repository that is damaged, or was cloned in part. */
export function lackingObject(name: string): GitError {
  const reason = `the repository lacks the object ${name}; git fsck says what else`;
  return new GitError({ args: ['cat-file'], exit: undefined, stderr: '', reason });
}
