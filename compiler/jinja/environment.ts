import { typeError } from './errors.ts';
import { FILTERS } from './filters/filters.ts';
import { GLOBALS } from './globals.ts';
import { DEFAULT_SYNTAX, type Syntax } from './lexer/syntax.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Loader, loadSource } from './loader.ts';
import type { Extension } from './parser/parser.ts';
import type { Context } from './runtime/context.ts';
import { type Origin, UNDEFINED_CLASSES, type Undefined, type UndefinedClass } from './runtime/undefined.ts';
import { type CompiledExpression, compileExpression, compileTemplate, type Template } from './template.ts';
import { TESTS } from './tests/tests.ts';
import { PyFunction } from './values/function.ts';
import { fromJson } from './values/json.ts';
import type { Value } from './values/value.ts';

/** A function for templates: made by pyFunction, or a plain one that takes its arguments by position. */
export type FunctionLike = PyFunction | ((...args: Value[]) => Value);

/** What can be set of an Environment; the names and defaults are Jinja's. */
export interface EnvironmentOptions extends Partial<Syntax> {
  /** What a missing variable, item or attribute is; a class of one's own extends Undefined. */
  readonly undefined?: keyof typeof UNDEFINED_CLASSES | UndefinedClass;
  /** Whether output is escaped for HTML and XML, or for which templates. */
  readonly autoescape?: boolean | ((name: string | undefined) => boolean);
  readonly extensions?: readonly Extension[];
  readonly loader?: Loader;
  /** Changes each value before it is printed. */
  readonly finalize?: (value: Value, context: Context) => Value;
  /** Changes each text that is output kept as a value: of a macro, a block, a `set` or `filter` block, a module. */
  readonly capture?: (text: string) => Value;
  /** Filters beside the built-in ones, which they may replace. */
  readonly filters?: { readonly [name: string]: FunctionLike };
  readonly tests?: { readonly [name: string]: FunctionLike };
  /** Variables of every template. */
  readonly globals?: { readonly [name: string]: unknown };
  readonly limits?: Partial<Limits>;
  readonly policies?: Partial<Policies>;
  /** Mark every part of the output with its place, for readTrace. */
  readonly traced?: boolean;
  /** Tell the variables of a render which names are used and which outputs written (Variables.used, .wrote). */
  readonly watched?: boolean;
}

/** Defaults of some filters; Jinja's policies. */
export interface Policies {
  readonly urlizeRel: string;
  readonly urlizeTarget: string | undefined;
  readonly urlizeExtraSchemes: readonly string[];
  readonly truncateLeeway: number;
}

const DEFAULT_POLICIES: Policies = {
  urlizeRel: 'noopener',
  urlizeTarget: undefined,
  urlizeExtraSchemes: [],
  truncateLeeway: 5,
};

/** The settings that templates share, and the templates that were loaded by name, each compiled once. */
export class Environment {
  readonly syntax: Syntax;
  readonly extensions: ReadonlySet<Extension>;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly autoescape: boolean | ((name: string | undefined) => boolean);
  readonly loader: Loader | undefined;
  readonly traced: boolean;
  readonly watched: boolean;
  readonly finalize: ((value: Value, context: Context) => Value) | undefined;
  readonly capture: ((text: string) => Value) | undefined;
  readonly filters: Map<string, PyFunction>;
  readonly tests: Map<string, PyFunction>;
  readonly globals: Map<string, Value>;
  /** True where templates give values instead of texts. */
  readonly native: boolean = false;
  /** Whether what is printed is escaped where escaping is on; else only what is joined there is. */
  readonly escapesOutput: boolean = true;
  readonly #undefinedClass: UndefinedClass;
  readonly #templates = new Map<string, Template>();

  constructor(options: EnvironmentOptions = {}) {
    this.syntax = syntaxOf(options);
    this.extensions = new Set(options.extensions);
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.policies = { ...DEFAULT_POLICIES, ...options.policies };
    this.autoescape = options.autoescape ?? false;
    this.loader = options.loader;
    this.traced = options.traced ?? false;
    this.watched = options.watched ?? false;
    this.finalize = options.finalize;
    this.capture = options.capture;
    this.filters = new Map([...FILTERS, ...functions(options.filters)]);
    this.tests = new Map([...TESTS, ...functions(options.tests)]);
    this.globals = new Map([...GLOBALS, ...globalsOf(options.globals)]);
    const kind = options.undefined ?? 'default';
    this.#undefinedClass = typeof kind === 'string' ? UNDEFINED_CLASSES[kind] : kind;
  }

  autoescapeFor(name: string | undefined): boolean {
    return typeof this.autoescape === 'function' ? this.autoescape(name) : this.autoescape;
  }

  /** An undefined value of this environment's kind. */
  undefined(origin: Origin): Undefined {
    return new this.#undefinedClass(origin);
  }

  /** A template from its source. @throws TemplateSyntaxError, LimitError */
  fromString(source: string, name?: string): Template {
    return compileTemplate(this, source, name);
  }

  /** A template from the loader. @throws TemplateNotFound, TemplateSyntaxError, LimitError */
  getTemplate(name: string): Template {
    const known = this.#templates.get(name);
    if (known) return known;
    if (!this.loader) throw typeError('no loader for this environment specified');
    const template = compileTemplate(this, loadSource(this.loader, name), name);
    this.#templates.set(name, template);
    return template;
  }

  /**
   * An expression as a function of variables. With `undefinedToNone`, the default, an undefined result is None.
   * @throws TemplateSyntaxError, LimitError
   */
  compileExpression(source: string, options: { undefinedToNone?: boolean } = {}): CompiledExpression {
    return compileExpression(this, source, options.undefinedToNone ?? true);
  }
}

/** An environment whose templates give Python's values: Jinja's NativeEnvironment. */
export class NativeEnvironment extends Environment {
  override readonly native = true;
}

function syntaxOf(options: EnvironmentOptions): Syntax {
  const entries = Object.entries(options).filter(
    ([key, value]) => key in DEFAULT_SYNTAX && value !== undefined,
  );
  const syntax = { ...DEFAULT_SYNTAX, ...Object.fromEntries(entries) } as Syntax;
  const starts = [syntax.blockStartString, syntax.variableStartString, syntax.commentStartString];
  if (new Set(starts).size < 3)
    throw new TypeError('block, variable and comment start strings must be different');
  return syntax;
}

function functions(table: { readonly [name: string]: FunctionLike } | undefined): [string, PyFunction][] {
  return Object.entries(table ?? {}).map(([name, like]) => [name, toFunction(like, name)]);
}

/** A FunctionLike as a function for templates. */
export function toFunction(like: FunctionLike, name: string): PyFunction {
  if (like instanceof PyFunction) return like.named(name);
  return new PyFunction(name, '*args', { body: (args: Value[]) => like(...args), passContext: false });
}

function globalsOf(table: { readonly [name: string]: unknown } | undefined): [string, Value][] {
  return Object.entries(table ?? {}).map(([name, value]) => {
    return [name, typeof value === 'function' ? toFunction(value as FunctionLike, name) : fromJson(value)];
  });
}
