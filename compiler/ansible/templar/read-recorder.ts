import type { Value, Works } from '../../jinja/jinja.ts';
import { hashText } from '../../jinja/values/dict.ts';
import type { HoleName } from '../values/hole-text.ts';
import { type NamedPath, namedPaths } from './named-paths.ts';
import { newNode, type ReadNode } from './read-node.ts';
import { type TemplateWork, TemplateWorks } from './template-work.ts';

/** A part of a variable that is read. `scope` tells apart templars of one name for different variables. */
export interface VariableRead {
  /**
   * `value`: the content there, or that there is none. `presence`: whether there is anything, and of what kind.
   * `keys`: which keys a mapping has there. `literal`: whether all of the content can be read back from its text.
   * `evaluable`: whether there is anything, and none of it is undefined.
   */
  readonly kind: 'value' | 'presence' | 'keys' | 'literal' | 'evaluable';
  readonly scope: string;
  readonly name: string;
  /** Keys of mappings, from the variable down; lists are read whole. */
  readonly path: readonly Value[];
}

/** One thing that a render's result depends on. */
export type Read =
  | VariableRead
  /** Whether a name of the host that is rendered is one of some texts. */
  | { readonly kind: 'among'; readonly name: HoleName; readonly texts: readonly string[] }
  /** Which variables there are in a scope. */
  | { readonly kind: 'names'; readonly scope: string }
  /** Which hosts `hostvars` has, or whether it has one. */
  | { readonly kind: 'hosts' }
  | { readonly kind: 'host'; readonly name: string }
  /** A text of the workspace. */
  | { readonly kind: 'text'; readonly path: string }
  /** A path where no text was, before one was found elsewhere or none at all. */
  | { readonly kind: 'absent'; readonly path: string }
  /** Which texts a pattern of paths fits. */
  | { readonly kind: 'glob'; readonly pattern: string }
  | { readonly kind: 'env'; readonly name: string }
  /** `ansible_managed`. */
  | { readonly kind: 'managed' }
  /**
   * No dependency, but what came of it: the output that begins at an offset of a template was written; where there is no
   * offset, a lookup took the text as it stands, or a template did whose header has it read otherwise.
   */
  | { readonly kind: 'output'; readonly template: string; readonly at: number | undefined };

/** Who is told what is read. */
export interface Recorder {
  read(read: Read): void;
}

/**
 * Records what renders read. A render's result is a function of the answers to its reads alone: where all of them are
 * the same as before, so is the result. A variable is evaluated once, and counts for each render that uses it.
 */
export class ReadRecorder implements Recorder {
  #current = newNode(undefined);
  #works: TemplateWorks | undefined;

  /** Runs a piece of work and gives what it read. Reads of the piece are not those of who runs it. */
  run<T>(work: () => T, node = newNode(undefined)): { value: T; node: ReadNode } {
    const before = this.#current;
    this.#current = node;
    try {
      const value = work();
      node.result = value;
      return { value, node };
    } finally {
      this.#current = before;
    }
  }

  /** Runs a traced render, and gives what each work of its templates read too. */
  trace<T>(work: () => T): { value: T; node: ReadNode; works: readonly TemplateWork[] } {
    const node = newNode(undefined);
    const works = new TemplateWorks(node);
    this.#works = works;
    try {
      return { ...this.run(work, node), works: works.all };
    } finally {
      this.#works = undefined;
    }
  }

  /** Who is told of the works of templates, while a traced render runs. */
  get works(): Works | undefined {
    return this.#works;
  }

  read(read: Read): void {
    for (const node of this.#readers) node.own.set(keyOf(read), read);
  }

  /** The current piece uses the result of another one. */
  through(node: ReadNode): void {
    for (const reader of this.#readers) if (node !== reader) reader.through.add(node);
  }

  beside(node: ReadNode): void {
    for (const reader of this.#readers) if (node !== reader) reader.beside.add(node);
  }

  literal(node: ReadNode): void {
    for (const reader of this.#readers) if (node !== reader) reader.literal.add(node);
  }

  get #readers(): readonly ReadNode[] {
    const work = this.#works?.openIn(this.#current);
    return work ? [this.#current, work] : [this.#current];
  }
}

/** All that a piece of work depends on, each once. */
export function allReads(node: ReadNode): Read[] {
  return [...readsByKey(node).values()];
}

/** What of a piece of work matters: its result, whether it can be evaluated, or whether its text can be read back. */
type Need = 'result' | 'evaluable' | 'literal';

/** All that a piece of work depends on, by the text that keyOf gives for it; of other pieces those that count. */
export function readsByKey(
  node: ReadNode,
  counts: (other: ReadNode) => boolean = () => true,
): ReadonlyMap<string, Read> {
  const found = new Map<string, Read>();
  const seen = { result: new Set<ReadNode>(), evaluable: new Set<ReadNode>(), literal: new Set<ReadNode>() };
  const work: [ReadNode, Need][] = [[node, 'result']];
  // An array walks what is added on the way.
  for (const [one, asked] of work) {
    const named = asked === 'evaluable' ? namedPaths(one.raw) : [];
    const need = named ? asked : 'result';
    if (seen[need].has(one) || (need === 'result' && one !== node && !counts(one))) continue;
    seen[need].add(one);
    const isLess = (read: VariableRead | undefined): boolean =>
      need === 'literal' ||
      (need === 'evaluable' && read?.scope === one.of?.scope && isOnlyNamed(read, named ?? []));
    for (const read of one.own.values()) {
      const isPart = 'path' in read && 'scope' in read;
      const needed = isPart && need !== 'result' && isLess(read) ? { ...read, kind: need } : read;
      found.set(keyOf(needed), needed);
    }
    for (const next of one.through) work.push([next, isLess(next.of) ? need : 'result']);
    for (const next of one.beside) work.push([next, 'evaluable']);
    for (const next of one.literal) work.push([next, 'literal']);
  }
  return found;
}

/** Whether a part of a variable is named, and nothing in it: `list.0` reads the list, which may have no first item. */
function isOnlyNamed(read: VariableRead | undefined, named: readonly NamedPath[]): boolean {
  if (read?.kind !== 'value') return false;
  const path = [read.name, ...read.path];
  return (
    named.some((one) => startsWith(path, one)) &&
    !named.some((one) => one.length > path.length && startsWith(one, path))
  );
}

function startsWith(path: readonly Value[], start: readonly Value[]): boolean {
  return start.length <= path.length && start.every((key, at) => hashText(key) === hashText(path[at]!));
}

/** What a piece of work depends on, some of it only by way of variables that come out true or false. */
export interface ReadsApart {
  /** By the text that keyOf gives for it, as in readsByKey. */
  readonly direct: ReadonlyMap<string, Read>;
  readonly switches: readonly Switch[];
}

/** A variable that is a template and came out true or false: while it comes out the same, nothing comes of its reads. */
export interface Switch {
  readonly of: VariableRead;
  /** One for each time it was evaluated: in turns of a loop it may come out differently. */
  readonly results: readonly unknown[];
  /** How it is written, and all that it was made of. */
  readonly reads: ReadonlyMap<string, Read>;
}

/** All that a piece of work depends on, apart from what only decides whether a variable is true. */
export function readsApart(root: ReadNode): ReadsApart {
  const switches = new Map<string, { readonly of: VariableRead; readonly nodes: Set<ReadNode> }>();
  const others = new Set<string>();
  const reads = readsByKey(root, (node) => {
    if (node.of === undefined) return true;
    const key = keyOf(node.of);
    if (!isSwitch(node)) {
      others.add(key);
      return true;
    }
    const known = switches.get(key);
    if (known) known.nodes.add(node);
    else switches.set(key, { of: node.of, nodes: new Set([node]) });
    return false;
  });
  return {
    direct: new Map([...reads].filter(([key]) => !switches.has(key) || others.has(key))),
    switches: [...switches].map(([key, { of, nodes }]) => ({
      of,
      results: Array.from(nodes, ({ result }) => result),
      reads: new Map<string, Read>([[key, of], ...readsByKey({ ...newNode(of), through: nodes })]),
    })),
  };
}

function isSwitch({ own, result, through, beside, literal }: ReadNode): boolean {
  const isMade = own.size + through.size + beside.size + literal.size > 0;
  return typeof result === 'boolean' && isMade;
}

/** One text for each read. */
export function keyOf(read: Read): string {
  switch (read.kind) {
    case 'value':
    case 'presence':
    case 'keys':
    case 'literal':
    case 'evaluable':
      return [read.kind, read.scope, read.name, ...read.path.map(hashText)].join('\u0000');
    case 'names':
      return `names\u0000${read.scope}`;
    case 'host':
    case 'env':
      return `${read.kind}\u0000${read.name}`;
    case 'text':
    case 'absent':
      return `${read.kind}\u0000${read.path}`;
    case 'glob':
      return `glob\u0000${read.pattern}`;
    case 'among':
      // A text may hold any character.
      return `among\u0000${JSON.stringify([read.name, ...read.texts])}`;
    case 'output':
      return `output\u0000${read.template}\u0000${read.at}`;
    default:
      return read.kind;
  }
}
