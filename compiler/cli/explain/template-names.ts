import { readOverrides } from '../../ansible/templar/overrides.ts';
import {
  children,
  descendants,
  Environment,
  type Expression,
  lineAndColumn,
  type Node,
  templateTree,
} from '../../jinja/jinja.ts';
import type { VariablePath } from './variable-path.ts';

/** Where an output stands in a template. */
export interface OutputPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Reads off a template which variables, or parts of them, an output names: its own expression, the conditions and loops
 * around it, and what was `set` before. Names of loops and macros are among them; who knows the variables takes those
 * that are some.
 */
export function namesOfOutput(text: string, place: OutputPlace): VariablePath[] {
  // Places in a template count a line's end as one character.
  const { source, options, lines } = readOverrides(text.replace(/\r\n?/g, '\n'));
  const tree = templateTree(new Environment({ trimBlocks: true, ...options }), source);
  const found = find(tree, { source, place: { ...place, line: place.line - lines }, around: [] });
  if (!found) return [];
  const names = new Map<string, VariablePath>();
  const sets = descendants(tree).filter((node) => node.kind === 'assign' || node.kind === 'assignblock');
  const add = (node: Node): void => {
    for (const path of pathsIn(node)) {
      const key = JSON.stringify(path);
      if (names.has(key)) continue;
      names.set(key, path);
      for (const set of sets) if (set.target.kind === 'name' && set.target.name === path.name) add(set);
    }
  };
  for (const node of [found.part, ...found.around]) add(node);
  return [...names.values()];
}

interface Search {
  readonly source: string;
  readonly place: OutputPlace;
  readonly around: readonly Expression[];
}

function find(node: Node, search: Search): { part: Node; around: readonly Expression[] } | undefined {
  const isThere = ({ at }: Node): boolean => {
    const { line, column } = lineAndColumn(search.source, at);
    return line === search.place.line && column === search.place.column;
  };
  if (node.kind === 'output') {
    const part = node.parts.find(isThere);
    return part && { part, around: search.around };
  }
  // What a filter makes of a block is written as a whole; a macro that is called with one writes it part by part.
  if (node.kind === 'filterblock' && isThere(node)) return { part: node, around: search.around };
  if (node.kind === 'callblock' && isThere(node)) return { part: node.call, around: search.around };
  const heads: Expression[] = [];
  if (node.kind === 'if') heads.push(node.test, ...node.elifs.map(({ test }) => test));
  if (node.kind === 'for') heads.push(node.iter, ...(node.test ? [node.test] : []));
  if (node.kind === 'with') heads.push(...node.values);
  for (const child of children(node)) {
    const found = find(child, { ...search, around: [...search.around, ...heads] });
    if (found) return found;
  }
  return undefined;
}

/** The names in a part of a template, each with the constant keys that are asked of it. */
function* pathsIn(node: Node): Iterable<VariablePath> {
  const path = pathOf(node);
  if (path) {
    yield path;
    return;
  }
  for (const child of children(node)) yield* pathsIn(child);
}

function pathOf(node: Node): VariablePath | undefined {
  if (node.kind === 'name') return { name: node.name, path: [] };
  if (node.kind !== 'getattr' && node.kind !== 'getitem') return undefined;
  const object = pathOf(node.object);
  if (!object) return undefined;
  if (node.kind === 'getattr') return { ...object, path: [...object.path, node.attribute] };
  const { argument } = node;
  const key = argument.kind === 'const' ? argument.value : undefined;
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  return { ...object, path: [...object.path, key] };
}
