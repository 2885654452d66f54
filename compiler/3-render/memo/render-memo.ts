import { type Evaluation, evaluated, ReadLog, readsOf } from '../../ansible/ansible.ts';
import type { Diagnostic } from '../../contract/diagnostic.ts';
import { type Answers, ReadTrie } from './read-trie.ts';
import { ValueNumbers } from './value-numbers.ts';

/**
 * What was rendered, by what it read, for every host for which the same is read to the same answers: other hosts, and
 * the next compile. What was found wrong is not kept, and rendered again.
 */
export class RenderMemo {
  readonly numbers = { log: new ReadLog(), values: new ValueNumbers() };
  /** Pieces of work that were done, and for which an earlier result was taken. */
  readonly count = { rendered: 0, reused: 0 };
  readonly #work = new Map<string, ReadTrie<unknown>>();

  find(work: string, answers: Answers): unknown {
    return this.#work.get(work)?.find(answers);
  }

  keep(work: string, { evaluation, answers, result }: Result): void {
    let trie = this.#work.get(work);
    if (!trie) {
      trie = new ReadTrie();
      this.#work.set(work, trie);
    }
    const reads = readsOf(evaluation);
    trie.keep({ reads, answers: reads.map((read) => answers.of(read)) }, result);
  }
}

interface Result {
  readonly evaluation: Evaluation;
  readonly answers: Answers;
  readonly result: unknown;
}

/** A memo, for one host. */
export interface HostMemo {
  readonly memo: RenderMemo;
  readonly answers: Answers;
  /** All that was found wrong so far. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The result of some work for a host: an earlier one where the memo has it.
 * @param work names what is done; of two that differ in anything but what they read through the log, the names do
 */
export function remembered<T extends object>(
  host: HostMemo | undefined,
  work: string,
  run: () => T | undefined,
): T | undefined {
  if (!host) return run();
  const { memo, answers, diagnostics } = host;
  const known = memo.find(work, answers);
  if (known !== undefined) {
    memo.count.reused++;
    return known as T;
  }
  memo.count.rendered++;
  const before = diagnostics.length;
  const { value, evaluation } = evaluated(run);
  if (value !== undefined && diagnostics.length === before)
    memo.keep(work, { evaluation, answers, result: value });
  return value;
}

const names = new WeakMap<object, Map<string, string>>();

/** A name of work on a part of what a person wrote, made once for each `kind`. */
export function nameOf(part: object, kind: string, describe: () => readonly unknown[]): string {
  let known = names.get(part);
  if (!known) {
    known = new Map();
    names.set(part, known);
  }
  let name = known.get(kind);
  if (name === undefined) {
    name = JSON.stringify([kind, ...describe()]);
    known.set(kind, name);
  }
  return name;
}
