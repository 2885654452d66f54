import { type Evaluation, evaluated, ReadLog, readsOf } from '../../ansible/ansible.ts';
import type { Diagnostic } from '../../contract/diagnostic.ts';
import type { ClusterAnswers, Numbers } from './cluster-answers.ts';
import { type Answered, type Answers, ReadTrie } from './read-trie.ts';
import { ValueNumbers } from './value-numbers.ts';

/** A result in a memo. */
export interface Kept {
  readonly result: object;
  /** Rendered or asked for since the memo was made. */
  used: boolean;
  /** The reads that it came of, where other memos may take it over. */
  readonly answered?: Answered;
}

/**
 * What was rendered, by what it read, for every host for which the same is read to the same answers: other hosts, and
 * the next compile. What was found wrong is not kept, and rendered again.
 */
export class RenderMemo {
  readonly numbers: Numbers;
  /** Pieces of work that were done, and for which an earlier result was taken. */
  readonly count: { rendered: number; reused: number };
  /** By the name of the work. */
  readonly work = new Map<string, ReadTrie<Kept>>();
  /** Who answers for the cluster that is rendered. */
  cluster: ClusterAnswers | undefined;
  readonly #fleet: RenderMemo | undefined;

  /** @param fleet what other clusters rendered, and is looked at where this memo has nothing */
  constructor(fleet?: RenderMemo) {
    this.#fleet = fleet;
    this.numbers = fleet?.numbers ?? { log: new ReadLog(), values: new ValueNumbers() };
    this.count = fleet?.count ?? { rendered: 0, reused: 0 };
  }

  find(work: string, answers: Answers): object | undefined {
    const own = this.work.get(work)?.find(answers);
    if (own) {
      own.used = true;
      return own.result;
    }
    const kept = this.#fleet?.work.get(work)?.find(answers);
    if (kept?.answered) this.#put(work, kept.answered, { result: kept.result, used: true });
    return kept?.result;
  }

  keep(work: string, { evaluation, answers, result }: Result): void {
    const reads = readsOf(evaluation);
    const answered = { reads, answers: reads.map((read) => answers.of(read)) };
    this.#put(work, answered, { result, used: true });
    if (this.#fleet && !this.#isOfOneHost(answered))
      this.#fleet.#put(work, answered, { result, used: true, answered });
  }

  #put(work: string, answered: Answered, kept: Kept): void {
    let trie = this.work.get(work);
    if (!trie) {
      trie = new ReadTrie();
      this.work.set(work, trie);
    }
    trie.keep(answered, kept);
  }

  /** Whether another cluster cannot have the same, for its hosts have other names. */
  #isOfOneHost({ reads }: Answered): boolean {
    const { log } = this.numbers;
    return reads.some((number) => {
      const read = log.reads[number]!;
      return read.kind === 'value' && HOST_NAMES.has(read.name);
    });
  }
}

const HOST_NAMES: ReadonlySet<string> = new Set(['inventory_hostname', 'inventory_hostname_short']);

interface Result {
  readonly evaluation: Evaluation;
  readonly answers: Answers;
  readonly result: object;
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
    name = JSON.stringify([kind, ...describe()], told);
    known.set(kind, name);
  }
  return name;
}

/** JSON has no number for some, and one for others that are not the same. */
function told(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return `s${value}`;
  return typeof value === 'number' || typeof value === 'bigint' ? `n${value}` : value;
}
