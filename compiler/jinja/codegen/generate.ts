import type { Environment } from '../environment.ts';
import { fromStackOverflow } from '../errors.ts';
import type { Source } from '../lexer/lexer.ts';
import { descendants, type Expression, type Template } from '../parser/nodes.ts';
import { findUndeclared, Symbols } from '../parser/scope.ts';
import type { Context, RenderFunction } from '../runtime/context.ts';
import { RUNTIME } from '../runtime/runtime.ts';
import type { Value } from '../values/value.ts';
import { expression } from './expressions.ts';
import { Frame } from './frame.ts';
import { Generator, type OutputMode } from './generator.ts';
import { caught } from './macros.ts';
import { statements } from './statements.ts';

/** A template as functions. */
export interface CompiledTemplate {
  readonly root: RenderFunction;
  readonly blocks: ReadonlyMap<string, RenderFunction>;
}

/** A template's tree as JavaScript functions. @throws TemplateAssertionError */
export function generateTemplate(
  node: Template,
  source: Source,
  options: { environment: Environment; mode: OutputMode },
): CompiledTemplate {
  return withoutOverflow(() => {
    const g = new Generator(options.environment, source, options.mode);
    const hasExtends = collectBlocks(g, node);
    const root = rootFunction(g, node, hasExtends);
    const blocks = [...g.blocks.keys()].map((name) => `[${JSON.stringify(name)},${blockFunction(g, name)}]`);
    const code = `return {root:${root},blocks:new Map([${blocks.join(',')}])};`;
    return instantiate(g, code) as CompiledTemplate;
  });
}

/** An expression alone as a function of the context. */
export function generateExpression(
  node: Expression,
  source: Source,
  environment: Environment,
): (context: Context) => Value {
  return withoutOverflow(() => {
    const g = new Generator(environment, source, 'text');
    const frame = rootFrame(g);
    frame.symbols.analyze({ kind: 'do', at: 0, value: node });
    const body = g.functionBody(['c'], () => `${g.enterFrame(frame)}return ${expression(g, node, frame)};`);
    const code = `return (c)=>{let p=${node.at};try{${body}}${caught(g, undefined)}};`;
    return instantiate(g, code) as (context: Context) => Value;
  });
}

function withoutOverflow<T>(generate: () => T): T {
  try {
    return generate();
  } catch (error) {
    throw fromStackOverflow(error);
  }
}

/** Registers the blocks; true if there is an extends. */
function collectBlocks(g: Generator, node: Template): boolean {
  let hasExtends = false;
  for (const child of descendants(node)) {
    if (child.kind === 'extends') hasExtends = true;
    if (child.kind !== 'block') continue;
    if (g.blocks.has(child.name)) g.fail(`block '${child.name}' defined twice`, child.at);
    g.blocks.set(child.name, child);
  }
  return hasExtends;
}

function rootFrame(g: Generator): Frame {
  const { environment, source } = g;
  const escaping = { autoescape: environment.autoescapeFor(source.name), volatile: false };
  return new Frame(escaping, new Symbols(undefined, g.ids), 'o');
}

/** A function of the context that renders into `o`. */
function renderFunction(
  g: Generator,
  options: { body: () => string; at: number; entered: string | undefined },
): string {
  const body = g.functionBody(['c'], options.body);
  const start = `let p=${options.at},o=${g.emptyBuffer()};const L=used.limits.maxString;`;
  return `(c)=>{${start}try{${body}}${caught(g, options.entered)}}`;
}

function rootFunction(g: Generator, node: Template, hasExtends: boolean): string {
  const body = () => {
    const frame = rootFrame(g);
    let code = declareSelf(g, frame, findUndeclared(node.body, ['self']));
    frame.symbols.analyze(node);
    frame.toplevel = true;
    frame.rootlevel = true;
    frame.requireOutputCheck = hasExtends;
    if (hasExtends) g.declare('parent');
    code += g.enterFrame(frame) + statements(g, node.body, frame);
    if (!hasExtends) return `${code}return o;`;
    const whole = g.mode === 'native' ? '[...o,...renderParent(parent,c)]' : 'o+renderParent(parent,c)';
    return `${code}return ${g.hasKnownExtends ? whole : `parent===undefined?o:${whole}`};`;
  };
  return renderFunction(g, { body, at: node.at, entered: undefined });
}

function declareSelf(g: Generator, frame: Frame, undeclared: ReadonlySet<string>): string {
  if (!undeclared.has('self')) return '';
  const local = frame.symbols.declareParameter('self');
  g.declare(local);
  return `${local}=new TemplateReference(c);`;
}

function blockFunction(g: Generator, name: string): string {
  const block = g.blocks.get(name)!;
  const body = () => {
    const frame = rootFrame(g);
    frame.blockFrame = true;
    const undeclared = findUndeclared(block.body, ['self', 'super']);
    let code = declareSelf(g, frame, undeclared);
    if (undeclared.has('super')) {
      const local = frame.symbols.declareParameter('super');
      g.declare(local);
      code += `${local}=superBlock(c,${JSON.stringify(name)},B[${JSON.stringify(name)}]);`;
    }
    frame.symbols.analyze(block);
    return `${code}${g.enterFrame(frame)}${statements(g, block.body, frame)}return o;`;
  };
  const code = renderFunction(g, { body, at: block.at, entered: `block '${name}'` });
  return `B[${JSON.stringify(name)}]=${code}`;
}

const RUNTIME_NAMES = Object.keys(RUNTIME);

/** Runs the code of a template's functions, which can name only the runtime, the constants, and JavaScript's Map. */
function instantiate(g: Generator, code: string): unknown {
  const constants = g.constants.map((_, index) => `k${index}`);
  const names = RUNTIME_NAMES.filter((name) => code.includes(name));
  const preamble = [
    '"use strict";',
    names.length > 0 ? `const {${names.join(',')}}=R;` : '',
    constants.length > 0 ? `const [${constants.join(',')}]=K;` : '',
    'const B=Object.create(null);',
  ].join('');
  const factory = new Function('R', 'E', 'K', 'T', preamble + code);
  const template = { name: g.source.name, source: g.source.text };
  return factory(RUNTIME, g.environment, g.constants, template);
}
