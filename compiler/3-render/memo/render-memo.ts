import {
  type Evaluation,
  evaluated,
  HOLE_NAMES,
  type HoleValues,
  ReadLog,
  readsOf,
} from '../../ansible/ansible.ts';
import type { Diagnostic } from '../../contract/diagnostic.ts';
import { type ClusterAnswers, isHole, type Numbers } from './cluster-answers.ts';
import { Holed } from './holed.ts';
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
  /** Pieces of work that were done, and for which an earlier result was taken; of the latter, with names put in. */
  readonly count: { rendered: number; reused: number; filled: number };
  /** By the name of the work. */
  readonly work = new Map<string, ReadTrie<Kept>>();
  /** Who answers for the cluster that is rendered. */
  cluster: ClusterAnswers | undefined;
  /** How often work with holes of some reads was found to give the ordinary result: `name`, then the numbers of the reads. */
  readonly compared: Map<string, number>;
  /** Names of work with holes that came of what cannot be told apart: to try it again is of no use. */
  readonly hopeless = new Set<string>();
  readonly #fleet: RenderMemo | undefined;
  /** Names of work → those with holes. The same string again has its hash already. */
  readonly #heldNames: Map<string, string>;

  /** @param fleet what other clusters rendered, and is looked at where this memo has nothing */
  constructor(fleet?: RenderMemo) {
    this.#fleet = fleet;
    this.numbers = fleet?.numbers ?? { log: new ReadLog(), values: new ValueNumbers() };
    this.#heldNames = fleet ? fleet.#heldNames : new Map();
    this.compared = fleet?.compared ?? new Map();
    this.count = fleet?.count ?? { rendered: 0, reused: 0, filled: 0 };
  }

  /** The name of work with holes for the names of its host. */
  heldName(work: string): string {
    let name = this.#heldNames.get(work);
    if (name === undefined) {
      name = `with holes ${work}`;
      this.#heldNames.set(work, name);
    }
    return name;
  }

  find(work: string, answers: Answers): object | undefined {
    const own = this.work.get(work)?.find(answers);
    if (own) {
      own.used = true;
      return own.result;
    }
    const kept = this.#fleet?.work.get(work)?.find(answers);
    if (!kept?.answered) return kept?.result;
    const result = ownResult(kept.result);
    this.#put(work, kept.answered, { result, used: true });
    return result;
  }

  keep(work: string, answered: Answered, result: object): void {
    this.#put(work, answered, { result, used: true });
    if (this.#fleet && !this.#isOfOneHost(answered))
      this.#fleet.#put(work, answered, { result: ownResult(result), used: true, answered });
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
  #isOfOneHost({ reads, answers }: Answered): boolean {
    const { log, values } = this.numbers;
    return reads.some((number, index) => {
      const read = log.reads[number]!;
      return read.kind === 'value' && HOST_NAMES.has(read.name) && !isHole(answers[index]!, values);
    });
  }
}

const HOST_NAMES: ReadonlySet<string> = new Set(HOLE_NAMES);

/** A result as another memo has it: what became of a draft on hosts is of one alone. */
function ownResult(result: object): object {
  return result instanceof Holed ? new Holed(result.draft) : result;
}

/** All that an evaluation read, answered. */
export function readsAnswered(evaluation: Evaluation, answers: Answers): Answered {
  const reads = readsOf(evaluation);
  return { reads, answers: reads.map((read) => answers.of(read)) };
}

/** A memo, for one host. */
export interface HostMemo {
  readonly memo: RenderMemo;
  readonly answers: Answers;
  /** The same with holes for its names; undefined where these do not fit in. */
  readonly withHoles: { readonly answers: Answers; readonly values: HoleValues } | undefined;
  /** All that was found wrong so far. */
  readonly diagnostics: Diagnostic[];
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
    memo.keep(work, readsAnswered(evaluation, answers), value);
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
