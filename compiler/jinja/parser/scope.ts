import { children, type Expression, type For, type Name, type Node } from './nodes.ts';

/**
 * How a local variable gets its value when its frame is entered: a parameter has one, `resolve` asks the context,
 * `alias` copies an outer local, `undefined` starts without.
 */
export type Load =
  | { how: 'parameter' }
  | { how: 'resolve'; name: string }
  | { how: 'alias'; of: string }
  | { how: 'undefined' };

/** The names of one frame and the locals that hold them: Jinja's idtracking, whose rules decide what a name means. */
export class Symbols {
  readonly level: number;
  readonly parent: Symbols | undefined;
  readonly ids: Map<string, number>;
  refs = new Map<string, string>();
  loads = new Map<string, Load>();
  stores = new Set<string>();

  /** @param ids numbers for names, shared by a whole template, so that generated code has no text of the template */
  constructor(parent: Symbols | undefined, ids: Map<string, number>) {
    this.parent = parent;
    this.ids = ids;
    this.level = parent ? parent.level + 1 : 0;
  }

  #define(name: string, load: Load): string {
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(name, id);
    }
    const local = `v${this.level}_${id}`;
    this.refs.set(name, local);
    this.loads.set(local, load);
    return local;
  }

  findLoad(local: string): Load | undefined {
    return this.loads.get(local) ?? this.parent?.findLoad(local);
  }

  findRef(name: string): string | undefined {
    return this.refs.get(name) ?? this.parent?.findRef(name);
  }

  /** How the value of a local begins, or of the one that it copies. */
  howOf(local: string): Load['how'] | undefined {
    const load = this.findLoad(local);
    return load?.how === 'alias' ? this.howOf(load.of) : load?.how;
  }

  copy(): Symbols {
    const copy = new Symbols(this.parent, this.ids);
    copy.refs = new Map(this.refs);
    copy.loads = new Map(this.loads);
    copy.stores = new Set(this.stores);
    return copy;
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.refs.has(name)) return;
    const outer = this.parent?.findRef(name);
    this.#define(name, outer === undefined ? { how: 'undefined' } : { how: 'alias', of: outer });
  }

  declareParameter(name: string): string {
    this.stores.add(name);
    return this.#define(name, { how: 'parameter' });
  }

  load(name: string): void {
    if (this.findRef(name) === undefined) this.#define(name, { how: 'resolve', name });
  }

  /** Takes in what the branches of an `if` found: what only some assign must have a value before. */
  updateFromBranches(branches: readonly Symbols[]): void {
    const stored = new Set(branches.flatMap((branch) => [...branch.stores]));
    for (const name of this.stores) stored.delete(name);
    for (const branch of branches) {
      for (const [name, local] of branch.refs) this.refs.set(name, local);
      for (const [local, load] of branch.loads) this.loads.set(local, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const name of stored) {
      const local = this.findRef(name)!;
      const outer = this.parent?.findRef(name);
      this.loads.set(local, outer === undefined ? { how: 'resolve', name } : { how: 'alias', of: outer });
    }
  }

  /** Every name assigned here or further out, with the local that holds it now. */
  allStores(): Map<string, string> {
    const all = new Map<string, string>();
    for (let symbols: Symbols | undefined = this; symbols; symbols = symbols.parent) {
      for (const name of symbols.stores) if (!all.has(name)) all.set(name, this.findRef(name)!);
    }
    return all;
  }

  /** The locals of this frame that are parameters. */
  parameters(): Set<string> {
    const entries = [...this.loads].filter(([, load]) => load.how === 'parameter');
    return new Set(entries.map(([local]) => local));
  }

  /** Takes in the names of a node that opens this frame. */
  analyze(node: Node, branch: 'body' | 'else' | 'test' = 'body'): void {
    switch (node.kind) {
      case 'for':
        this.#analyzeFor(node, branch);
        return;
      case 'assignblock':
        this.#visitAll(node.body);
        return;
      case 'callblock':
        this.#visitAll([...node.args, ...node.defaults, ...node.body]);
        return;
      case 'with':
        this.#visitAll([...node.targets, ...node.body]);
        return;
      default:
        this.#visitAll(children(node));
        return;
    }
  }

  #analyzeFor(node: For, branch: 'body' | 'else' | 'test'): void {
    if (branch !== 'else') this.#declareTarget(node.target);
    if (branch === 'test') this.#visitAll(node.test ? [node.test] : []);
    else this.#visitAll(branch === 'body' ? node.body : node.otherwise);
  }

  #declareTarget(target: Expression): void {
    if (target.kind === 'name') this.declareParameter(target.name);
    else if (target.kind === 'nsref') this.load(target.name);
    else for (const child of children(target)) this.#declareTarget(child as Expression);
  }

  #visitAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.#visit(node);
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case 'name':
        this.#visitName(node);
        return;
      case 'nsref':
        this.load(node.name);
        return;
      case 'if': {
        this.#visit(node.test);
        const branches = [node.body, node.elifs, node.otherwise].map((nodes) => {
          const copy = this.copy();
          copy.#visitAll(nodes);
          return copy;
        });
        this.updateFromBranches(branches);
        return;
      }
      case 'macro':
        this.store(node.name);
        return;
      case 'import':
        this.#visit(node.template);
        this.store(node.target);
        return;
      case 'fromimport':
        this.#visit(node.template);
        for (const { alias } of node.names) this.store(alias);
        return;
      case 'assign':
        this.#visit(node.value);
        this.#visit(node.target);
        return;
      case 'for':
        this.#visit(node.iter);
        return;
      case 'callblock':
        this.#visit(node.call);
        return;
      case 'filterblock':
        this.#visit(node.filter);
        return;
      case 'with':
        this.#visitAll(node.values);
        return;
      case 'assignblock':
        this.#visit(node.target);
        return;
      case 'autoescape':
      case 'block':
        return;
      default:
        this.#visitAll(children(node));
        return;
    }
  }

  #visitName(node: Name): void {
    if (node.context === 'param') this.declareParameter(node.name);
    else if (node.context === 'store') this.store(node.name);
    else this.load(node.name);
  }
}

/** Which of the names are read before anything in the nodes assigns them. */
export function findUndeclared(nodes: readonly Node[], names: readonly string[]): Set<string> {
  const open = new Set(names);
  const undeclared = new Set<string>();
  const visit = (node: Node): void => {
    if (open.size === 0 || node.kind === 'block') return;
    if (node.kind === 'name') {
      if (node.context === 'load') {
        if (open.has(node.name)) undeclared.add(node.name);
      } else open.delete(node.name);
      return;
    }
    for (const child of children(node)) visit(child);
  };
  for (const node of nodes) visit(node);
  return undeclared;
}
