import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Case, Result as CaseResult } from './case.ts';
import { jsonLines } from './json-lines.ts';

/** How to start a program that answers cases. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds that a case may take before the program is killed; PATIENCE where not said. */
  readonly patience?: number;
}

const PATIENCE = 10_000;

/** Cases that are sent ahead of their answers. */
const AHEAD = 64;

/** A case and its answer have one id. */
export interface Numbered {
  readonly id: number;
}
/** What a program made of a case, or why it gave no answer. */
export interface Answer extends Numbered {
  readonly skip?: string;
}

interface Waiting<Test, Result> {
  readonly test: Test;
  readonly resolve: (result: Result) => void;
}

/**
 * A program that answers cases in order, a JSON line each. It is started again after a case that makes it hang or die;
 * that case is answered with `skip`.
 */
export class Program<Test extends Numbered = Case, Result extends Answer = CaseResult> {
  readonly #command: Command;
  readonly #waiting: Waiting<Test, Result>[] = [];
  #child: ChildProcessWithoutNullStreams | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reason = 'died';

  constructor(command: Command) {
    this.#command = command;
  }

  ask(test: Test): Promise<Result> {
    return new Promise((resolve) => {
      this.#waiting.push({ test, resolve });
      this.#child ??= this.#start();
      this.#send(test);
      if (this.#waiting.length === 1) this.#watch();
    });
  }

  /** The answers to all cases, in order. */
  async askAll(tests: readonly Test[]): Promise<Result[]> {
    const results: Promise<Result>[] = [];
    for (const [index, test] of tests.entries()) {
      if (index >= AHEAD) await results[index - AHEAD];
      results.push(this.ask(test));
    }
    return Promise.all(results);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#child?.stdin.end();
    this.#child = undefined;
  }

  #send(test: Test): void {
    this.#child?.stdin.write(`${JSON.stringify(test)}\n`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const { command, args, env } = this.#command;
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    let complaint = '';
    child.stderr.on('data', (bytes) => {
      complaint = `${complaint}${bytes}`.slice(-2000);
    });
    // A child that died is noticed by its end; what is still written to it is lost anyway.
    child.stdin.on('error', () => undefined);
    void this.#listen(child).then(() => {
      if (child === this.#child) this.#restart(complaint);
    });
    return child;
  }

  async #listen(child: ChildProcessWithoutNullStreams): Promise<void> {
    for await (const result of jsonLines(child.stdout)) {
      if (child === this.#child) this.#take(result as Result);
    }
  }

  #take(result: Result): void {
    const first = this.#waiting.shift();
    if (first?.test.id !== result.id)
      throw new Error(`answer to case ${result.id} instead of ${first?.test.id}`);
    first.resolve(result);
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#reason = 'hang';
      this.#child?.kill('SIGKILL');
    }, this.#command.patience ?? PATIENCE);
  }

  #restart(complaint: string): void {
    const first = this.#waiting.shift();
    this.#child = undefined;
    const skip = this.#reason === 'hang' ? 'hang' : `died: ${complaint}`;
    // Of an answer, nothing but its id is always there.
    first?.resolve({ id: first.test.id, skip } as Result);
    this.#reason = 'died';
    if (this.#waiting.length === 0) return;
    this.#child = this.#start();
    for (const { test } of this.#waiting) this.#send(test);
    this.#watch();
  }
}
