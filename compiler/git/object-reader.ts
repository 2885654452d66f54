import { PassThrough } from 'node:stream';
import { batchParser, type FoundObject } from './batch-parser.ts';
import { type Caller, type GitCommand, type RunningGit, startGit } from './run-git.ts';

/** Names of objects, and who gets the answers; see readObjects. */
export interface Question {
  readonly names: readonly string[];
  readonly maxBytes: number;
  readonly visit: (object: FoundObject | undefined, name: string) => void;
}

interface Asked extends Question {
  answered: number;
  /** What `visit` threw. */
  failure?: { readonly error: unknown };
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads objects of a repository through one `git cat-file`, which begins with the first question and ends with `close`:
 * for a command that asks many times, since each start of git costs more than most answers do.
 */
export class ObjectReader {
  readonly #command: GitCommand;
  readonly #asked: Asked[] = [];
  #git: { readonly running: RunningGit; readonly input: PassThrough } | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor({ gitDir, caller }: { readonly gitDir: string; readonly caller: Caller }) {
    this.#command = { gitDir, caller, args: ['cat-file', '--batch'] };
  }

  /** Reads objects, in the order of their names. Throws a GitError where git fails. */
  ask(question: Question): Promise<void> {
    if (this.#end) return Promise.reject(this.#end.error);
    if (question.names.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#asked.push({ ...question, answered: 0, resolve, reject });
      this.#git ??= this.#start();
      this.#git.input.write(`${question.names.join('\n')}\n`);
    });
  }

  /** Ends it; what was asked and not answered fails. */
  close(): void {
    this.#git?.running.stop('nobody asks any more');
    this.#git?.input.destroy();
    this.#fail(new Error('the reader of objects is closed'));
  }

  #start(): { running: RunningGit; input: PassThrough } {
    const input = new PassThrough();
    const running = startGit({ ...this.#command, input });
    const parse = batchParser({
      // Behind close() git may still answer what nobody asks any more.
      maxBytes: () => this.#asked[0]?.maxBytes ?? 0,
      visit: (object) => this.#answer(object),
    });
    running.stdout.on('data', parse);
    running.done.then(
      () => this.#fail(new Error('git cat-file ended before it had answered')),
      (error) => this.#fail(error),
    );
    return { running, input };
  }

  #answer(object: FoundObject | undefined): void {
    const [asked] = this.#asked;
    if (!asked) return;
    const name = asked.names[asked.answered]!;
    asked.answered += 1;
    try {
      if (!asked.failure) asked.visit(object, name);
    } catch (error) {
      asked.failure = { error };
    }
    if (asked.answered < asked.names.length) return;
    if (this.#asked[0] === asked) this.#asked.shift();
    if (asked.failure) asked.reject(asked.failure.error);
    else asked.resolve();
  }

  #fail(error: unknown): void {
    this.#end ??= { error };
    for (const { reject } of this.#asked.splice(0)) reject(error);
  }
}
