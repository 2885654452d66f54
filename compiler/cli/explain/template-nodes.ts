import { readOverrides } from '../../ansible/templar/overrides.ts';
import {
  children,
  descendants,
  Environment,
  type EnvironmentOptions,
  JinjaError,
  lineAndColumn,
  type Node,
  templateTree,
} from '../../jinja/jinja.ts';

/** A node of a template, and the works (by their offsets) that decide whether it is reached, and as what. */
export interface PlacedNode {
  readonly node: Node;
  readonly heads: readonly number[];
}

/** Where a name gets a value, or a part of one. */
export interface SetOfName extends PlacedNode {
  /** The work that makes the value. */
  readonly at: number;
  /** Adds to what was there: an item of a list, an attribute of a namespace. */
  readonly adds: boolean;
}

/** A template, whose works are found by their offsets. */
export interface TemplateNodes {
  readonly byOffset: ReadonlyMap<number, PlacedNode>;
  readonly sets: ReadonlyMap<string, readonly SetOfName[]>;
  /** What imported names are called where they are from; of a template imported as a whole, itself. */
  readonly imported: ReadonlyMap<string, string>;
  lineOf(at: number): { readonly line: number; readonly column: number };
}

/** Reads a template; undefined for one that cannot be parsed so. @param options of the file that is rendered, as it includes this one */
export function templateNodes(
  text: string,
  options?: EnvironmentOptions,
): (TemplateNodes & { readonly options: EnvironmentOptions }) | undefined {
  // Places in a template count a line's end as one character.
  const source = text.replace(/\r\n?/g, '\n');
  const own = options ? { source, options, lines: 0 } : readOverrides(source);
  try {
    const tree = templateTree(new Environment({ trimBlocks: true, ...own.options }), own.source);
    return {
      ...nodesOf(tree),
      options: own.options,
      lineOf(at) {
        const { line, column } = lineAndColumn(own.source, at);
        return { line: line + own.lines, column };
      },
    };
  } catch (error) {
    if (error instanceof JinjaError) return undefined;
    throw error;
  }
}

function nodesOf(tree: Node): Pick<TemplateNodes, 'byOffset' | 'sets' | 'imported'> {
  const byOffset = new Map<number, PlacedNode>();
  const sets = new Map<string, SetOfName[]>();
  const imported = new Map<string, string>();
  const visit = (node: Node, heads: readonly number[]): void => {
    const isWork = node.kind !== 'output' && node.kind !== 'template';
    if (isWork && !byOffset.has(node.at)) byOffset.set(node.at, { node, heads });
    if (node.kind === 'import') imported.set(node.target, node.target);
    if (node.kind === 'fromimport') for (const { name, alias } of node.names) imported.set(alias, name);
    for (const [name, set] of setsIn(node, heads)) sets.set(name, [...(sets.get(name) ?? []), set]);
    const within = headsWithin(node);
    for (const child of children(node)) visit(child, [...heads, ...(within.get(child) ?? [])]);
  };
  visit(tree, []);
  return { byOffset, sets, imported };
}

/** What decides about the children of a statement. */
function headsWithin(node: Node): ReadonlyMap<Node, readonly number[]> {
  if (node.kind === 'if') {
    const tests = [node.test.at, ...node.elifs.map(({ test }) => test.at)];
    return new Map([
      ...node.body.map((child) => [child, tests.slice(0, 1)] as const),
      // The test of an `elif` is a head of its own body, as the node that it is.
      ...node.elifs.map((child, index) => [child, tests.slice(0, index + 1)] as const),
      ...node.otherwise.map((child) => [child, tests] as const),
    ]);
  }
  const heads =
    node.kind === 'for'
      ? [node.iter.at, node.at]
      : node.kind === 'with'
        ? node.values.map(({ at }) => at)
        : [];
  const body =
    node.kind === 'for' ? [...node.body, ...node.otherwise] : node.kind === 'with' ? node.body : [];
  return new Map(body.map((child) => [child, heads]));
}

const ADDING = ['append', 'extend', 'insert', 'update', 'setdefault', 'add', 'pop', 'remove', 'clear'];

function setsIn(node: Node, heads: readonly number[]): [string, SetOfName][] {
  if (node.kind === 'output')
    return node.parts.flatMap((part) =>
      changedBy(part).map((name): [string, SetOfName] => [
        name,
        { node: part, heads, at: part.at, adds: true },
      ]),
    );
  if (node.kind === 'macro' || node.kind === 'callblock') {
    const first = node.args.length - node.defaults.length;
    return node.defaults.map(({ at }, index) => [
      node.args[first + index]!.name,
      { node, heads, at, adds: false },
    ]);
  }
  if (node.kind !== 'assign' && node.kind !== 'assignblock' && node.kind !== 'do') return [];
  const at = node.kind === 'assignblock' ? node.at : node.value.at;
  const targets = node.kind === 'do' ? [] : [node.target, ...descendants(node.target)];
  const named = targets.flatMap((target): [string, boolean][] =>
    target.kind === 'name' || target.kind === 'nsref' ? [[target.name, target.kind === 'nsref']] : [],
  );
  const changed =
    node.kind === 'assignblock' ? [] : [node.value, ...descendants(node.value)].flatMap(changedBy);
  return [...named, ...changed.map((name): [string, boolean] => [name, true])].map(([name, adds]) => [
    name,
    { node, heads, at, adds },
  ]);
}

/** The variable that `list.append(item)` changes. */
function changedBy(node: Node): string[] {
  if (node.kind !== 'call' || node.callee.kind !== 'getattr' || !ADDING.includes(node.callee.attribute))
    return [];
  let { object } = node.callee;
  while (object.kind === 'getattr' || object.kind === 'getitem') object = object.object;
  return object.kind === 'name' ? [object.name] : [];
}

/** The names that the work of a node asks for, `module.name` among them; what works within it ask for is theirs. */
export function namesAskedBy(node: Node): string[] {
  if (['macro', 'callblock', 'block'].includes(node.kind)) return [];
  const asking = node.kind === 'for' ? (node.test ? [node.test] : []) : [node];
  const nodes = asking.flatMap((one) => [one, ...descendants(one)]);
  const names = nodes.flatMap((one) => {
    if (one.kind === 'getattr' && one.object.kind === 'name') return [`${one.object.name}.${one.attribute}`];
    return (one.kind === 'name' && one.context === 'load') || one.kind === 'nsref' ? [one.name] : [];
  });
  return [...new Set(names)];
}
