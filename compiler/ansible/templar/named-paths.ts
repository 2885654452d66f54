import { Environment, type Expression, JinjaError, templateTree, type Value } from '../../jinja/jinja.ts';
import { mayBeTemplate } from './raw-values.ts';

/** A variable or a part of one, as a template names it: the variable's name, then keys. */
export type NamedPath = readonly [name: string, ...keys: Value[]];

/** Filters whose result is never undefined where what they get is not; where they fail nothing compiles. */
const TOTAL = new Set(['d', 'default', 'int', 'lower', 'replace', 'string', 'trim', 'upper']);

const ENVIRONMENT = new Environment();

const known = new Map<string, readonly NamedPath[] | undefined>();

/**
 * What the templates in a value name, where that alone decides whether they can be evaluated: `{{ port }}` is undefined
 * only where `port` is, but `{{ ports[which] }}` also by what `which` says. Undefined where more decides it.
 */
export function namedPaths(value: Value | undefined): readonly NamedPath[] | undefined {
  if (Array.isArray(value)) return all(value.map(namedPaths));
  if (typeof value !== 'string' || !mayBeTemplate(value)) return [];
  if (!known.has(value)) known.set(value, ofTemplate(value));
  return known.get(value);
}

function ofTemplate(text: string): readonly NamedPath[] | undefined {
  try {
    const tree = templateTree(ENVIRONMENT, text);
    const outputs = tree.body.map((node) => (node.kind === 'output' ? all(node.parts.map(of)) : undefined));
    return text.startsWith('#jinja2:') ? undefined : all(outputs);
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return undefined;
  }
}

function of(node: Expression): readonly NamedPath[] | undefined {
  switch (node.kind) {
    case 'data':
    case 'const':
      return [];
    case 'name':
    case 'getattr':
    case 'getitem': {
      const path = pathOf(node);
      return path && [path];
    }
    case 'concat':
      return all(node.parts.map(of));
    case 'filter': {
      const { operand, name, args, keywords, dynArgs, dynKeywords } = node;
      if (!operand || !TOTAL.has(name) || dynArgs || dynKeywords) return undefined;
      return all([operand, ...args, ...keywords.map(({ value }) => value)].map(of));
    }
    default:
      return undefined;
  }
}

function pathOf(node: Expression): NamedPath | undefined {
  if (node.kind === 'name') return ['hostvars', 'vars'].includes(node.name) ? undefined : [node.name];
  if (node.kind === 'getattr') {
    const path = pathOf(node.object);
    return path && [...path, node.attribute];
  }
  if (node.kind !== 'getitem' || node.argument.kind !== 'const') return undefined;
  const path = pathOf(node.object);
  return path && [...path, node.argument.value];
}

function all(parts: readonly (readonly NamedPath[] | undefined)[]): readonly NamedPath[] | undefined {
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part!);
}
