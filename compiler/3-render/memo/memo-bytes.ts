import { createHash } from 'node:crypto';
import type { Read } from '../../ansible/ansible.ts';
import type { FileContent } from '../rendered-file.ts';
import { type FilledResult, Holed, type Whole } from './holed.ts';
import { type Answered, NO_READS, ReadTrie, type TrieNode } from './read-trie.ts';
import { type Kept, RenderMemo } from './render-memo.ts';

/** What is written. Numbers of reads and answers are places in `reads` and `values`. */
interface Written {
  /** Of the program that wrote it. */
  readonly version: string;
  readonly reads: readonly Read[];
  /** Texts of values. */
  readonly values: readonly string[];
  /** Reads and their answers, which many nodes have in common. */
  readonly answered: readonly Answered[];
  readonly results: readonly object[];
  /** By the name of the work, the nodes of its tree, each before those below it. */
  readonly work: Readonly<Record<string, readonly number[]>>;
}

const FIRST_LINE = 'khp render memo 2';

/** Bytes that readMemo makes a memo of: what was rendered or asked for of this one. */
export function memoBytes(memo: RenderMemo, version: string): Uint8Array {
  const body = Buffer.from(JSON.stringify(new Writer(memo).written(version)), 'utf8');
  return Buffer.concat([Buffer.from(`${FIRST_LINE}\n${digest(body)}\n`), body]);
}

/**
 * The memo that memoBytes wrote; an empty one where the bytes are anything else, or of another version.
 * @param fleet what other clusters rendered in this process
 */
export function readMemo(bytes: Uint8Array | undefined, version: string, fleet?: RenderMemo): RenderMemo {
  const memo = new RenderMemo(fleet);
  try {
    const written = bytes && writtenIn(bytes);
    if (written?.version === version)
      for (const [name, trie] of new Reader(written, memo).tries()) memo.work.set(name, trie);
  } catch {
    // What the digest fits and nothing of ours wrote: as good as nothing.
    memo.work.clear();
  }
  return memo;
}

function writtenIn(bytes: Uint8Array): Written | undefined {
  const start = FIRST_LINE.length + 1 + DIGEST_LENGTH + 1;
  const body = bytes.subarray(start);
  const head = Buffer.from(bytes.subarray(0, start)).toString('latin1');
  if (head !== `${FIRST_LINE}\n${digest(body)}\n`) return undefined;
  return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')) as Written;
}

const DIGEST_LENGTH = 64;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Gives each thing a number, by the order in which it first came. */
class Places<T> {
  readonly all: T[] = [];
  readonly #places = new Map<T, number>();

  of(thing: T): number {
    let place = this.#places.get(thing);
    if (place === undefined) {
      place = this.all.push(thing) - 1;
      this.#places.set(thing, place);
    }
    return place;
  }
}

/** Stands where a node has a read, for one that has a result. */
const LEAF = -1;

class Writer {
  readonly #memo: RenderMemo;
  readonly #reads = new Places<number>();
  readonly #values = new Places<number>();
  readonly #answered = new Places<Answered>();
  readonly #results = new Places<object>();

  constructor(memo: RenderMemo) {
    this.#memo = memo;
  }

  written(version: string): Written {
    const work: Record<string, number[]> = {};
    for (const [name, { root }] of this.#memo.work) {
      const found = root && live(root);
      if (!found) continue;
      work[name] = [];
      this.#write(found, work[name]);
    }
    const answered = this.#answered.all.map(({ reads, answers }) => ({
      reads: reads.map((read) => this.#reads.of(read)),
      answers: answers.map((answer) => this.#values.of(answer)),
    }));
    const { log, values } = this.#memo.numbers;
    return {
      version,
      reads: this.#reads.all.map((number) => log.reads[number]!),
      values: this.#values.all.map((number) => values.texts[number]!),
      answered,
      results: this.#results.all.map(writtenResult),
      work,
    };
  }

  /** Appends a node, then those below it. */
  #write({ node, below }: Live, nodes: number[]): void {
    const { before } = node;
    nodes.push(this.#answered.of(before));
    if ('result' in node) {
      nodes.push(LEAF, this.#results.of(node.result.result));
      return;
    }
    nodes.push(this.#reads.of(node.read), below.length);
    for (const [answer, one] of below) {
      nodes.push(this.#values.of(answer));
      this.#write(one, nodes);
    }
  }
}

/** A node with a result below it that is to be kept, and those of the nodes below it that have one. */
interface Live {
  readonly node: TrieNode<Kept>;
  readonly below: readonly (readonly [answer: number, Live])[];
}

function live(node: TrieNode<Kept>): Live | undefined {
  if ('result' in node) {
    const { used, result } = node.result;
    return used && isWhole(result) ? { node, below: [] } : undefined;
  }
  const below = [...node.next].flatMap(([answer, one]): [number, Live][] => {
    const found = live(one);
    return found ? [[answer, found]] : [];
  });
  return below.length > 0 ? { node, below } : undefined;
}

/** Whether a result can be told without the text of a file, or with it where there is a secret in it. */
function isWhole(result: object): boolean {
  if (result instanceof Holed) return [...result.filled.values()].some(isToKeep);
  const one = 'whole' in result ? (result as Whole).whole : result;
  return !isContent(one) || one.seal !== undefined || one.secrets.length > 0;
}

function isToKeep({ used, result }: FilledResult): boolean {
  return used && isWhole(result);
}

/** What became of a draft on hosts, as it is written. */
interface WrittenHoled {
  readonly filled: readonly (readonly [name: string, result: object])[];
}

function writtenResult(result: object): object {
  if (result instanceof Holed) {
    const kept = [...result.filled].filter(([, one]) => isToKeep(one));
    return { filled: kept.map(([name, one]) => [name, withoutText(one.result)]) } satisfies WrittenHoled;
  }
  return 'whole' in result ? { whole: withoutText((result as Whole).whole) } : withoutText(result);
}

function readResult(written: object): object {
  if (!('filled' in written)) return written;
  const holed = new Holed(undefined);
  for (const [name, result] of (written as WrittenHoled).filled)
    holed.filled.set(name, { result, used: false });
  return holed;
}

function withoutText(result: object): object {
  if (!isContent(result) || !result.seal) return result;
  const { head, secrets, seal } = result;
  const { sha256, effect, size, blob } = seal;
  return { head, secrets, seal: { sha256, effect, size, ...(blob !== undefined && { blob }) } };
}

function isContent(result: object): result is FileContent {
  return 'head' in result;
}

class Reader {
  readonly #written: Written;
  readonly #reads: readonly number[];
  readonly #results: readonly object[];
  readonly #values: readonly number[];
  readonly #answered: readonly Answered[];
  #nodes: readonly number[] = [];
  #at = 0;

  constructor(written: Written, { numbers }: RenderMemo) {
    this.#written = written;
    this.#reads = written.reads.map((read) => numbers.log.numberOf(read));
    this.#results = written.results.map(readResult);
    this.#values = written.values.map((text) => numbers.values.ofText(text));
    this.#answered = written.answered.map(({ reads, answers }) =>
      reads.length === 0
        ? NO_READS
        : { reads: reads.map((at) => this.#reads[at]!), answers: answers.map((at) => this.#values[at]!) },
    );
  }

  *tries(): Iterable<[string, ReadTrie<Kept>]> {
    for (const [name, nodes] of Object.entries(this.#written.work)) {
      this.#nodes = nodes;
      this.#at = 0;
      const trie = new ReadTrie<Kept>();
      trie.root = this.#node();
      yield [name, trie];
    }
  }

  #node(): TrieNode<Kept> {
    const before = this.#answered[this.#next()]!;
    const read = this.#next();
    if (read === LEAF) return { before, result: { result: this.#results[this.#next()]!, used: false } };
    const next = new Map<number, TrieNode<Kept>>();
    for (let count = this.#next(); count > 0; count--) {
      const answer = this.#values[this.#next()]!;
      next.set(answer, this.#node());
    }
    return { before, read: this.#reads[read]!, next };
  }

  #next(): number {
    return this.#nodes[this.#at++]!;
  }
}
