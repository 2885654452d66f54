import { type CompiledTemplate, generateExpression, generateTemplate } from './codegen/generate.ts';
import type { Environment } from './environment.ts';
import { fromStackOverflow, LimitError } from './errors.ts';
import { counted } from './limits.ts';
import { nativeConcat } from './native.ts';
import type { Expression, Template as Tree } from './parser/nodes.ts';
import { parseLoneExpression, parseTemplate, sourceOf } from './parser/parser.ts';
import {
  baseVariables,
  Context,
  type RenderContext,
  type Rendered,
  type RenderFunction,
  type RenderState,
  type Variables,
} from './runtime/context.ts';
import { Undefined } from './runtime/undefined.ts';
import { str } from './values/inspect.ts';
import type { Value } from './values/value.ts';

/** A compiled template; render it as often as needed. */
export class Template {
  readonly environment: Environment;
  readonly name: string | undefined;
  /** The source with its newlines normalized, in which errors' places count. */
  readonly source: string;
  readonly root: RenderFunction;
  readonly blocks: ReadonlyMap<string, RenderFunction>;

  constructor(
    environment: Environment,
    source: { name: string | undefined; text: string },
    code: CompiledTemplate,
  ) {
    this.environment = environment;
    this.name = source.name;
    this.source = source.text;
    this.root = code.root;
    this.blocks = code.blocks;
  }

  /**
   * The text that the template makes of some variables.
   * @throws JinjaError with the place of the expression at fault
   */
  render(variables: RenderContext = {}): string {
    const rendered = this.#run(variables);
    return typeof rendered === 'string' ? rendered : rendered.map(str).join('');
  }

  /** The value that the template makes of some variables; a text unless the environment is native. */
  renderValue(variables: RenderContext = {}): Value {
    const rendered = this.#run(variables);
    return typeof rendered === 'string' ? rendered : nativeConcat(rendered);
  }

  #run(variables: RenderContext): Rendered {
    const { environment } = this;
    return counted(environment.limits, () =>
      withKnownErrors(() => {
        const state = { environment, modules: new Map() };
        return this.root(this.newContext(state, baseVariables(variables, environment.globals)));
      }),
    );
  }

  /** A context of this template in a render that is going on. */
  newContext(state: RenderState, variables: Variables): Context {
    const context = new Context(state, this.name, variables);
    for (const [name, block] of this.blocks) context.blocks.set(name, [block]);
    return context;
  }
}

/** An expression that was compiled alone. */
export type CompiledExpression = (variables?: RenderContext) => Value;

function withKnownErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fromStackOverflow(error);
  }
}

function checkSource(environment: Environment, source: string): void {
  const { maxSource } = environment.limits;
  if (source.length > maxSource)
    throw new LimitError('maxSource', `a template of more than ${maxSource} characters`);
}

/** Runs the compiler; what it can't place in a source of its own is placed at the start of the template. */
function compiling<T>(source: { name: string | undefined; text: string }, compile: () => T): T {
  try {
    return withKnownErrors(compile);
  } catch (error) {
    if (error instanceof LimitError) {
      error.place ??= { template: source.name, line: 1, column: 1 };
      error.source ??= source.text;
    }
    throw error;
  }
}

function parserOptions(environment: Environment) {
  const { syntax, extensions, limits } = environment;
  return { syntax, extensions, maxTokens: limits.maxTokens, maxNesting: limits.maxNesting };
}

/** Environment.fromString. */
export function compileTemplate(environment: Environment, text: string, name: string | undefined): Template {
  return compiling({ name, text }, () => {
    checkSource(environment, text);
    const source = sourceOf(text, name, environment.syntax);
    const tree = parseTemplate(source, parserOptions(environment));
    const mode = environment.native ? 'native' : 'text';
    return new Template(environment, source, generateTemplate(tree, source, { environment, mode }));
  });
}

/** What a template is written as. @throws TemplateSyntaxError, LimitError */
export function templateTree(environment: Environment, text: string): Tree {
  return compiling({ name: undefined, text }, () => {
    checkSource(environment, text);
    return parseTemplate(sourceOf(text, undefined, environment.syntax), parserOptions(environment));
  });
}

/** What an expression is written as, without braces. @throws TemplateSyntaxError, LimitError */
export function expressionTree(environment: Environment, text: string): Expression {
  const source = sourceOf(text, undefined, environment.syntax);
  return compiling(source, () => {
    checkSource(environment, text);
    return parseLoneExpression(source, parserOptions(environment));
  });
}

/** Environment.compileExpression. */
export function compileExpression(
  environment: Environment,
  text: string,
  undefinedToNone: boolean,
): CompiledExpression {
  const source = { name: undefined, text };
  const run = compiling(source, () => {
    checkSource(environment, text);
    return generateExpression(parseLoneExpression(source, parserOptions(environment)), source, environment);
  });
  return (variables = {}) =>
    counted(environment.limits, () =>
      withKnownErrors(() => {
        const base = baseVariables(variables, environment.globals);
        const value = run(new Context({ environment, modules: new Map() }, undefined, base));
        return undefinedToNone && value instanceof Undefined ? null : value;
      }),
    );
}
