import type { Environment } from '../environment.ts';
import { Dict } from '../values/dict.ts';
import { fromJson } from '../values/json.ts';
import type { Value } from '../values/value.ts';

/** Variables by name: what a render reads. Each name is asked for at most once in a render. */
export interface Variables {
  get(name: string): Value | undefined;
  /** All names, for those who ask for everything (`get_all`); optional. */
  keys?(): Iterable<string>;
  /** Told, in a watched environment, that an expression uses the name; `get` alone may be asked in vain. */
  used?(name: string): void;
  /** Told, in a watched environment, that the output at an offset of a template is written. */
  wrote?(template: string | undefined, at: number): void;
  /** Told, in a traced environment, of the pieces of work that templates do. */
  readonly works?: Works | undefined;
}

/** Who is told when a piece of work of a template begins and ends: an output, a condition, a macro. */
export interface Works {
  /** @param at offset in the template @returns a number for the work, from 0; undefined where nobody asks */
  begin(template: string | undefined, at: number): number | undefined;
  /** Ends it, and what it began and an error cut short. */
  end(work: number | undefined): void;
}

/** The function of a template or block: its output, whole (a text, or the parts of a native template). */
export type RenderFunction = (context: Context) => Rendered;

export type Rendered = string | Value[];

/** What all contexts of one render share. */
export interface RenderState {
  readonly environment: Environment;
  /** Modules of templates imported or included without context, made once a render. */
  readonly modules: Map<object, unknown>;
}

/** A template's variables while it renders. */
export class Context implements Variables {
  readonly state: RenderState;
  /** The name of the template. */
  readonly name: string | undefined;
  /** What the template itself assigned at its top level. */
  readonly vars = new Map<string, Value>();
  readonly exported = new Set<string>();
  /** The functions of each block, that of the child-most template first. */
  blocks = new Map<string, RenderFunction[]>();
  evalContext: { autoescape: boolean };
  readonly #parent: Variables;

  constructor(state: RenderState, name: string | undefined, parent: Variables) {
    this.state = state;
    this.name = name;
    this.#parent = parent;
    this.evalContext = { autoescape: state.environment.autoescapeFor(name) };
  }

  get environment(): Environment {
    return this.state.environment;
  }

  get autoescape(): boolean {
    return this.evalContext.autoescape;
  }

  /** The variable's value, or undefined when there is none. */
  get(name: string): Value | undefined {
    const own = this.vars.size === 0 ? undefined : this.vars.get(name);
    return own === undefined ? this.#parent.get(name) : own;
  }

  /** The variable's value, or the environment's undefined. */
  resolve(name: string): Value {
    const value = this.get(name);
    return value === undefined ? this.environment.undefined({ name }) : value;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *keys(): Iterable<string> {
    yield* new Set([...this.vars.keys(), ...(this.#parent.keys?.() ?? [])]);
  }

  used(name: string): void {
    if (!this.vars.has(name)) this.#parent.used?.(name);
  }

  wrote(template: string | undefined, at: number): void {
    this.#parent.wrote?.(template, at);
  }

  get works(): Works | undefined {
    return this.#parent.works;
  }

  /** All variables as they are now, with some locals before them. */
  snapshot(locals: ReadonlyMap<string, Value>): Variables {
    const parent = this.#parent;
    if (this.vars.size === 0 && locals.size === 0) return parent;
    return new Layer(new Map([...this.vars, ...locals]), parent);
  }

  /** A context of the same template with some locals, as scoped blocks get it. */
  derived(locals: ReadonlyMap<string, Value>): Context {
    const context = new Context(this.state, this.name, this.snapshot(locals));
    context.evalContext = this.evalContext;
    for (const [name, functions] of this.blocks) context.blocks.set(name, [...functions]);
    return context;
  }
}

/** Some variables before all others. */
export class Layer implements Variables {
  readonly #own: ReadonlyMap<string, Value>;
  readonly #parent: Variables;

  constructor(own: ReadonlyMap<string, Value>, parent: Variables) {
    this.#own = own;
    this.#parent = parent;
  }

  get(name: string): Value | undefined {
    const own = this.#own.get(name);
    return own === undefined ? this.#parent.get(name) : own;
  }

  *keys(): Iterable<string> {
    yield* this.#own.keys();
    yield* this.#parent.keys?.() ?? [];
  }

  used(name: string): void {
    if (!this.#own.has(name)) this.#parent.used?.(name);
  }

  wrote(template: string | undefined, at: number): void {
    this.#parent.wrote?.(template, at);
  }

  get works(): Works | undefined {
    return this.#parent.works;
  }
}

/** What may be given to a render: plain JSON, a Dict, or an object that looks variables up. */
export type RenderContext = Variables | Dict | { readonly [name: string]: unknown };

/** The variables that a render starts from: the given ones, then the environment's globals. */
export function baseVariables(given: RenderContext, globals: ReadonlyMap<string, Value>): Variables {
  const variables = given instanceof Dict || !isLookup(given) ? null : given;
  if (variables) return new Remembered((name) => variables.get(name), variables, globals);
  if (given instanceof Dict) return new Remembered((name) => given.get(name), textKeys(given), globals);
  const plain = given as Record<string, unknown>;
  const names = { keys: () => Object.keys(plain) };
  return new Remembered(
    (name) => (Object.hasOwn(plain, name) ? fromJson(plain[name]) : undefined),
    names,
    globals,
  );
}

function isLookup(given: RenderContext): given is Variables {
  return typeof (given as Variables).get === 'function';
}

function textKeys(dict: Dict) {
  return { keys: () => [...dict.keys()].filter((key) => typeof key === 'string') };
}

/** Asks for each name once, so that a name means one value throughout a render. */
class Remembered implements Variables {
  readonly #known = new Map<string, Value | undefined>();
  readonly #look: (name: string) => Value | undefined;
  readonly #names: Omit<Variables, 'get'>;
  readonly #globals: ReadonlyMap<string, Value>;

  constructor(
    look: (name: string) => Value | undefined,
    names: Omit<Variables, 'get'>,
    globals: ReadonlyMap<string, Value>,
  ) {
    this.#look = look;
    this.#names = names;
    this.#globals = globals;
  }

  get(name: string): Value | undefined {
    const known = this.#known.get(name);
    if (known !== undefined || this.#known.has(name)) return known;
    const own = this.#look(name);
    const value = own === undefined ? this.#globals.get(name) : own;
    this.#known.set(name, value);
    return value;
  }

  *keys(): Iterable<string> {
    yield* this.#names.keys?.() ?? [];
    yield* this.#globals.keys();
  }

  used(name: string): void {
    this.#names.used?.(name);
  }

  wrote(template: string | undefined, at: number): void {
    this.#names.wrote?.(template, at);
  }

  get works(): Works | undefined {
    return this.#names.works;
  }
}
