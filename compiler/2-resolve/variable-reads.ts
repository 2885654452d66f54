import { readOverrides } from '../ansible/templar/overrides.ts';
import {
  children,
  descendants,
  Environment,
  type Expression,
  expressionTree,
  JinjaError,
  type Node,
  templateTree,
} from '../jinja/jinja.ts';
import type { Call, Compare, Filter } from '../jinja/parser/nodes.ts';

/** What Jinja reads of variables, as far as its text tells. */
export interface VariableReads {
  /** Names that it reads, of its own host or of others; those that it sets itself are not among them. */
  readonly names: ReadonlySet<string>;
  /** What the names are like that only a render knows, as in `lookup('vars', 'heap_' ~ role)`. */
  readonly patterns: readonly RegExp[];
}

const ENVIRONMENT = new Environment({ trimBlocks: true });

/** What a file, the value of a variable, or an expression without braces reads; undefined where it cannot be parsed. */
export function readsOfText(text: string, as: 'file' | 'value' | 'expression'): VariableReads | undefined {
  try {
    if (as === 'expression') return readsOf(expressionTree(ENVIRONMENT, text));
    if (as === 'value') return readsOf(templateTree(ENVIRONMENT, text));
    const { source, options } = readOverrides(text);
    return readsOf(templateTree(new Environment({ trimBlocks: true, ...options }), source));
  } catch (error) {
    if (error instanceof JinjaError) return undefined;
    throw error;
  }
}

const ANY = '.*';

/** Whether a text that cannot be parsed looks as if it read variables whose names it makes. */
export function mayReadAny(text: string): boolean {
  return /\b(?:vars|hostvars|varnames|lookup|query|q)\b/.test(text);
}

function readsOf(tree: Node): VariableReads {
  const reader = new Reader([tree, ...descendants(tree)]);
  reader.visit(tree);
  const { names, patterns } = reader;
  return { names, patterns: [...patterns].map((pattern) => new RegExp(`^${pattern}$`, 's')) };
}

const LOOKUPS = ['lookup', 'query', 'q'];

/** Filters whose argument names a part of each item. */
const OF_ITEMS = ['map', 'selectattr', 'rejectattr', 'groupby', 'sort', 'sum', 'min', 'max', 'unique'];

/** Goes through a text of Jinja, whose nodes it is given. */
class Reader {
  readonly names = new Set<string>();
  readonly patterns = new Set<string>();
  /** What the text sets: variables, parameters, macros, imports. */
  readonly #own = new Set<string>();
  /** What it sets to the variables of a host. */
  readonly #hosts = new Set<string>();

  constructor(nodes: readonly Node[]) {
    for (const node of nodes) {
      if (node.kind === 'name' && node.context !== 'load') this.#own.add(node.name);
      if (node.kind === 'macro') this.#own.add(node.name);
      if (node.kind === 'import') this.#own.add(node.target);
      if (node.kind === 'fromimport') for (const { alias } of node.names) this.#own.add(alias);
      const [target, isHost] =
        node.kind === 'assign'
          ? [node.target, this.#isHost(node.value)]
          : node.kind === 'for'
            ? [node.target, isOfHosts(node.iter)]
            : [undefined, false];
      if (isHost && target?.kind === 'name') this.#hosts.add(target.name);
    }
  }

  visit(node: Node): void {
    if (node.kind === 'name') this.#name(node.name, node.context === 'load');
    else if (node.kind === 'assign' && node.target.kind === 'name' && this.#isHost(node.value))
      this.#below(node.value);
    else if (node.kind === 'getattr' || node.kind === 'getitem') {
      if (this.#holdsVariables(node.object)) {
        this.#reads(node.kind === 'getattr' ? node.attribute : node.argument);
        this.#below(node.object);
        if (node.kind === 'getitem') this.visit(node.argument);
        return;
      }
      if (this.#isHost(node)) this.patterns.add(ANY);
      this.#below(node);
    } else if (node.kind === 'call') this.#call(node);
    else if (node.kind === 'compare') this.#compare(node);
    else if (node.kind === 'test' && this.#isHost(node.operand)) this.#below(node.operand);
    else if (node.kind === 'filter' && isOfHosts(node)) this.#ofHosts(node);
    else for (const child of children(node)) this.visit(child);
  }

  #name(name: string, isRead: boolean): void {
    if (!isRead) return;
    if (name === 'vars' || name === 'hostvars' || this.#hosts.has(name)) this.patterns.add(ANY);
    else if (!this.#own.has(name)) this.names.add(name);
  }

  /** Whether a host is known, or a variable of it. */
  #compare({ first, rest }: Compare): void {
    this.visit(first);
    for (const { operator, operand } of rest) {
      const isIn = operator === 'in' || operator === 'notin';
      if (isIn && operand.kind === 'name' && operand.name === 'hostvars') continue;
      if (isIn && this.#holdsVariables(operand)) {
        this.#reads(first);
        this.#below(operand);
      } else this.visit(operand);
    }
  }

  #call(node: Call): void {
    const { callee, args } = node;
    if (callee.kind === 'name' && LOOKUPS.includes(callee.name)) this.#lookup(node);
    else if (callee.kind === 'getattr' && this.#holdsVariables(callee.object)) {
      if (callee.attribute === 'get' && args[0]) this.#reads(args[0]);
      else this.patterns.add(ANY);
      this.#below(callee.object);
    } else this.visit(callee);
    for (const child of children(node)) if (child !== callee) this.visit(child);
  }

  #lookup({ args: [plugin, ...terms], dynArgs }: Call): void {
    const name =
      plugin?.kind === 'const' ? String(plugin.value).replace(/^ansible\.builtin\./, '') : undefined;
    if (name === 'vars' && !dynArgs) for (const term of terms) this.#reads(term);
    else if (name === undefined || name === 'vars' || name === 'varnames') this.patterns.add(ANY);
  }

  /** A filter somewhere behind `map('extract', hostvars)`. */
  #ofHosts(node: Filter): void {
    const { operand, name, args, keywords } = node;
    const isExtract = name === 'extract' || isMapOf(node, 'extract');
    const given = keywords.find((keyword) => keyword.name === 'attribute')?.value;
    const part = isExtract ? args[name === 'map' ? 2 : 1] : (given ?? (name === 'map' ? undefined : args[0]));
    if (part && (isExtract || OF_ITEMS.includes(name)))
      this.#reads(part.kind === 'const' ? String(part.value).replace(/\..*$/s, '') : part);
    else if (!isExtract && name === 'map' && !isMapOf(node, 'list')) this.patterns.add(ANY);
    if (operand) this.visit(operand);
    for (const child of [...args, ...keywords.map(({ value }) => value)])
      if (!(child.kind === 'name' && child.name === 'hostvars')) this.visit(child);
  }

  /** A name that is asked for, as a text or as what makes it. */
  #reads(name: string | Expression): void {
    const text = typeof name === 'string' ? name : name.kind === 'const' ? name.value : undefined;
    if (typeof text === 'string') this.names.add(text);
    else if (typeof name !== 'string') this.patterns.add(patternOf(name));
  }

  /** Visits what a path to variables is made with, but not the name that it begins with. */
  #below(node: Expression): void {
    if (node.kind === 'name') return;
    const isPath = node.kind === 'getattr' || node.kind === 'getitem';
    const begin = isPath && this.#isHost(node) ? node.object : undefined;
    for (const child of children(node)) if (child !== begin) this.visit(child);
  }

  #holdsVariables(node: Expression): boolean {
    return (node.kind === 'name' && node.name === 'vars') || this.#isHost(node);
  }

  #isHost(node: Expression): boolean {
    if (node.kind === 'name') return this.#hosts.has(node.name);
    if (node.kind === 'getattr' && node.attribute === 'get') return false;
    return (
      (node.kind === 'getattr' || node.kind === 'getitem') &&
      node.object.kind === 'name' &&
      node.object.name === 'hostvars'
    );
  }
}

function isMapOf({ name, args: [first] }: Filter, filter: string): boolean {
  return name === 'map' && first?.kind === 'const' && first.value === filter;
}

/** Whether a value is of variables of hosts: behind `extract(hostvars)`. */
function isOfHosts(node: Expression): boolean {
  if (node.kind !== 'filter') return false;
  const isExtract = node.name === 'extract' || isMapOf(node, 'extract');
  if (isExtract && node.args.some((arg) => arg.kind === 'name' && arg.name === 'hostvars')) return true;
  return node.operand !== undefined && isOfHosts(node.operand);
}

/** A regular expression of all texts that an expression may make. */
function patternOf(node: Expression): string {
  if (node.kind === 'const') return String(node.value).replace(/[^\p{L}\p{N}_ ]/gu, '\\$&');
  if (node.kind === 'concat') return node.parts.map(patternOf).join('');
  if (node.kind === 'binary' && node.operator === 'add') return patternOf(node.left) + patternOf(node.right);
  return ANY;
}
