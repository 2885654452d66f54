import { newNode, type ReadNode, type TemplateWork } from '../../ansible/ansible.ts';
import { namesAskedBy, type PlacedNode, type SetOfName, type TemplateNodes } from './template-nodes.ts';

/** A render whose works were kept. */
export interface TracedWorks {
  readonly works: readonly TemplateWork[];
  /** Works that wrote a piece of the text as it stands; what others wrote was changed, or only looked at. */
  readonly writing: Iterable<number>;
  nodesOf(template: string | undefined): TemplateNodes | undefined;
}

/**
 * The works that made some pieces of a text: those that wrote them, what these are within (calls, includes), the
 * conditions and loops around each, and the assignments of the names that they ask for. In the order in which they began.
 */
export function worksOfLine(traced: TracedWorks, written: readonly number[]): number[] {
  const search = new Search(traced);
  const found = new Set<number>();
  const queue = [...written];
  // An array walks what is added on the way.
  for (const work of queue) {
    if (found.has(work)) continue;
    found.add(work);
    queue.push(...search.makersOf(work));
  }
  return [...found].sort((a, b) => a - b);
}

/** What works read, as if one had read it. */
export function readsOfWorks({ works }: TracedWorks, numbers: readonly number[]): ReadNode {
  const node = newNode(undefined);
  for (const { reads } of numbers.map((number) => works[number]!)) {
    for (const [key, read] of reads.own) node.own.set(key, read);
    for (const kind of ['through', 'beside', 'literal'] as const)
      for (const other of reads[kind]) node[kind].add(other);
  }
  return node;
}

/** Bodies whose works are reached from what they wrote. */
const BODIES = ['macro', 'callblock', 'include', 'block'];

class Search {
  readonly #traced: TracedWorks;
  /** The numbers of works by their place, ascending. */
  readonly #byPlace = new Map<string, number[]>();
  readonly #children = new Map<number, number[]>();
  /** Works that wrote something, or one of whose parts did. */
  readonly #writing = new Set<number>();
  readonly #templates: ReadonlySet<string | undefined>;

  constructor(traced: TracedWorks) {
    this.#traced = traced;
    for (const [number, { template, at, within }] of traced.works.entries()) {
      add(this.#byPlace, placeKey(template, at), number);
      if (within !== undefined) add(this.#children, within, number);
    }
    for (const number of traced.writing)
      for (const one of [number, ...this.withins(number)]) this.#writing.add(one);
    this.#templates = new Set(traced.works.map(({ template }) => template));
  }

  /** What a work is within, the innermost first. */
  withins(work: number): number[] {
    const found: number[] = [];
    for (let at = this.#traced.works[work]!.within; at !== undefined; at = this.#traced.works[at]!.within)
      found.push(at);
    return found;
  }

  makersOf(work: number): number[] {
    const { template, at, within } = this.#traced.works[work]!;
    const nodes = this.#traced.nodesOf(template);
    const placed = nodes?.byOffset.get(at);
    const found = within === undefined ? [] : [within];
    if (!(this.#writing.has(work) && placed && BODIES.includes(placed.node.kind)))
      found.push(...(this.#children.get(work) ?? []).filter((child) => !this.#writing.has(child)));
    if (!nodes || !placed) return found;
    for (const head of placed.heads) found.push(...this.#last(work, template, head));
    for (const name of namesAskedBy(placed.node)) found.push(...this.#settersOf(work, name, placed));
    return found;
  }

  /** The last work at a place before another one, not counting those of other calls. */
  #last(before: number, template: string | undefined, at: number): number[] {
    return this.#all(before, template, at).slice(-1);
  }

  #all(before: number, template: string | undefined, at: number): number[] {
    const around = new Set<number | undefined>([undefined, ...this.withins(before)]);
    const numbers = this.#byPlace.get(placeKey(template, at)) ?? [];
    return numbers.filter((one) => one < before && around.has(this.#traced.works[one]!.within));
  }

  /** What gave a name its value before a work: in its own template, or where no such name is set there in another. */
  #settersOf(work: number, name: string, placed: PlacedNode): number[] {
    const { template } = this.#traced.works[work]!;
    const own = this.#traced.nodesOf(template);
    const sets = own?.sets.get(name);
    if (sets) return sets.flatMap((set) => this.#setBy(work, set, { template, common: placed.heads }));
    const [first, attribute] = name.split('.');
    if (attribute !== undefined && !own?.imported.has(first!)) return [];
    const called = attribute ?? own?.imported.get(name) ?? name;
    return [...this.#templates].flatMap((other) => {
      if (other === template) return [];
      const there = this.#traced.nodesOf(other)?.sets.get(called) ?? [];
      return there.flatMap((set) => this.#setBy(work, set, { template: other, common: [] }));
    });
  }

  /** The work that set a name; where it was not reached, what decided that. */
  #setBy(
    work: number,
    { at, heads, adds }: SetOfName,
    { template, common }: { template: string | undefined; common: readonly number[] },
  ): number[] {
    const done = this.#all(work, template, at);
    if (adds) return done;
    // Of what a turn of a loop sets, the next one knows nothing.
    const turns = heads.filter((head) => common.includes(head));
    const since = Math.max(-1, ...turns.flatMap((head) => this.#last(work, template, head)));
    const last = done.filter((one) => one > since).slice(-1);
    return last.length > 0 ? last : heads.flatMap((head) => this.#last(work, template, head));
  }
}

function placeKey(template: string | undefined, at: number): string {
  return `${at} ${template ?? ''}`;
}

function add<K>(map: Map<K, number[]>, key: K, number: number): void {
  const known = map.get(key);
  if (known) known.push(number);
  else map.set(key, [number]);
}
