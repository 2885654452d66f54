import { UNKNOWN } from './value-numbers.ts';

/** Reads, by number, each with the number of its answer. */
export interface Answered {
  readonly reads: readonly number[];
  readonly answers: readonly number[];
}

/** What one host answers. */
export interface Answers {
  /** The number of the answer to a read. */
  of(read: number): number;
  /** Whether all reads are answered so. */
  fit(answered: Answered): boolean;
}

/** After the reads `before`: the result, or one more read, and for each of its answers what comes then. */
export type TrieNode<T> = Leaf<T> | Branch<T>;

export interface Leaf<T> {
  readonly before: Answered;
  readonly result: T;
}

export interface Branch<T> {
  readonly before: Answered;
  readonly read: number;
  readonly next: Map<number, TrieNode<T>>;
}

export const NO_READS: Answered = { reads: [], answers: [] };

/**
 * Results of one piece of work by what it read. Where all answers so far are the same, so is the next read: results lie
 * at the leaves of a tree of reads, and to look one up is to ask for as many answers as lead to it.
 */
export class ReadTrie<T> {
  root: TrieNode<T> | undefined;

  find(answers: Answers): T | undefined {
    let node = this.root;
    while (node) {
      if (!answers.fit(node.before)) return undefined;
      if ('result' in node) return node.result;
      node = node.next.get(answers.of(node.read));
    }
    return undefined;
  }

  /** Keeps a result, unless it came of what cannot be told apart. */
  keep(answered: Answered, result: T): void {
    if (answered.answers.includes(UNKNOWN)) return;
    this.root = withLeaf(this.root, answered, { at: 0, result });
  }
}

interface NewLeaf<T> {
  /** The first of the reads that the node is asked for. */
  readonly at: number;
  readonly result: T;
  /** Reads that may be the same as those of the new leaf; one object then serves both. */
  readonly like?: Answered | undefined;
}

function withLeaf<T>(
  node: TrieNode<T> | undefined,
  answered: Answered,
  { at, result, like }: NewLeaf<T>,
): TrieNode<T> {
  const { reads, answers } = answered;
  // Where the same answers led to other reads or to a result before, that is forgotten.
  const alone = (): Leaf<T> => ({ before: oneOf(part(answered, at), like), result });
  if (!node) return alone();
  const { before } = node;
  const end = at + sameLength(before, answered, at);
  const inner = end - at;
  if (end === reads.length) return alone();
  const answer = answers[end]!;
  if (inner < before.reads.length) {
    const read = before.reads[inner]!;
    if (read !== reads[end]) return alone();
    const rest = { ...node, before: part(before, inner + 1) };
    const leaf = { before: oneOf(part(answered, end + 1), rest.before), result };
    const next = new Map<number, TrieNode<T>>([
      [before.answers[inner]!, rest],
      [answer, leaf],
    ]);
    return { before: part(before, 0, inner), read, next };
  }
  if ('result' in node || node.read !== reads[end]) return alone();
  const { next } = node;
  const known = next.get(answer);
  const sibling = known ? undefined : next.values().next().value?.before;
  next.set(answer, withLeaf(known, answered, { at: end + 1, result, like: sibling }));
  return node;
}

/** How many reads of `before` are the next ones of `answered`, with the same answers. */
function sameLength({ reads, answers }: Answered, other: Answered, at: number): number {
  let index = 0;
  while (
    index < reads.length &&
    reads[index] === other.reads[at + index] &&
    answers[index] === other.answers[at + index]
  )
    index++;
  return index;
}

function part({ reads, answers }: Answered, from: number, to?: number): Answered {
  return { reads: reads.slice(from, to), answers: answers.slice(from, to) };
}

function oneOf(own: Answered, like: Answered | undefined): Answered {
  if (own.reads.length === 0) return NO_READS;
  if (like?.reads.length !== own.reads.length || sameLength(like, own, 0) < own.reads.length) return own;
  return like;
}
