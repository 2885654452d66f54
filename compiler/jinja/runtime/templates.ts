import {
  TemplateNotFound,
  TemplateRuntimeError,
  TemplatesNotFound,
  typeError,
  UndefinedError,
} from '../errors.ts';
import { enter, used } from '../limits.ts';
import { nativeConcat } from '../native.ts';
import type { Template } from '../template.ts';
import { checkHashable } from '../values/dict.ts';
import { iterate, repr, str, truth } from '../values/inspect.ts';
import { asText } from '../values/numbers.ts';
import { asMarkup } from '../values/operators.ts';
import { reprText } from '../values/text.ts';
import { PyObject, type Value } from '../values/value.ts';
import type { Context, Rendered, RenderFunction, Variables } from './context.ts';
import { Undefined } from './undefined.ts';

function deeper<T>(run: () => T): T {
  enter();
  try {
    return run();
  } finally {
    used.depth--;
  }
}

/** The output of a block's function, or of a module, as one value. */
function asValue(rendered: Rendered, { environment }: Context): Value {
  if (typeof rendered !== 'string') return nativeConcat(rendered);
  return environment.capture ? environment.capture(rendered) : rendered;
}

/** A block of a template: `self.name` and `super()`. */
class BlockReference extends PyObject {
  readonly typeName = 'BlockReference';
  override readonly typeModule = 'jinja2.runtime';
  readonly #name: string;
  readonly #context: Context;
  readonly #depth: number;

  constructor(name: string, context: Context, depth: number) {
    super();
    this.#name = name;
    this.#context = context;
    this.#depth = depth;
  }

  override pyGetAttribute(attribute: string): Value | undefined {
    if (attribute === 'name') return this.#name;
    return attribute === 'super' ? blockAt(this.#context, this.#name, this.#depth + 1) : undefined;
  }

  override pyCall(): Value {
    const render = this.#context.blocks.get(this.#name)![this.#depth]!;
    const value = asValue(
      deeper(() => render(this.#context)),
      this.#context,
    );
    return this.#context.evalContext.autoescape ? asMarkup(value) : value;
  }
}

/** The block at some depth of inheritance, or undefined with Jinja's hint. */
function blockAt(context: Context, name: string, depth: number): Value {
  if (context.blocks.get(name)?.[depth]) return new BlockReference(name, context, depth);
  return context.environment.undefined({
    hint: `there is no parent block called ${reprText(name)}.`,
    name: 'super',
  });
}

/** `super` in a block. */
export function superBlock(context: Context, name: string, current: RenderFunction): Value {
  const index = context.blocks.get(name)?.indexOf(current) ?? -1;
  return blockAt(context, name, index === -1 ? Number.POSITIVE_INFINITY : index + 1);
}

/** `self` in a template: its blocks by name. */
export class TemplateReference extends PyObject {
  readonly typeName = 'TemplateReference';
  override readonly typeModule = 'jinja2.runtime';
  readonly #context: Context;

  constructor(context: Context) {
    super();
    this.#context = context;
  }

  override pyRepr(): string {
    return `<TemplateReference ${repr(this.#context.name ?? null)}>`;
  }

  override pyGetItem(key: Value): Value | undefined {
    const name = asText(key);
    if (name === undefined || !this.#context.blocks.has(name)) return undefined;
    return new BlockReference(name, this.#context, 0);
  }
}

/** Renders the child-most version of a block. `blocks` is the context that knows them. */
export function renderBlock(context: Context, blocks: Context, name: string): Rendered {
  const [render] = blocks.blocks.get(name)!;
  return deeper(() => render!(context));
}

export function requireBlock(context: Context, name: string): void {
  if ((context.blocks.get(name)?.length ?? 0) <= 1) {
    throw new TemplateRuntimeError(`Required block ${reprText(name)} not found`);
  }
}

export function failExtended(): never {
  throw new TemplateRuntimeError('extended multiple times');
}

function getTemplate(context: Context, name: Value): Template {
  if (name instanceof Undefined) name.fail();
  const text = asText(name);
  if (text !== undefined) return context.environment.getTemplate(text);
  if (!context.environment.loader) throw typeError('no loader for this environment specified');
  checkHashable(name);
  throw new TemplateNotFound(repr(name));
}

/** The first of several templates that exists. */
function selectTemplate(context: Context, names: Value): Template {
  if (names instanceof Undefined) names.fail();
  if (!truth(names)) throw new TemplatesNotFound([], 'Tried to select from an empty list of templates.');
  const tried: string[] = [];
  for (const name of iterate(names)) {
    try {
      return getTemplate(context, name);
    } catch (error) {
      if (!(error instanceof TemplateNotFound || error instanceof UndefinedError) || error.place) throw error;
      tried.push(name instanceof Undefined ? name.message : (asText(name) ?? repr(name)));
    }
  }
  throw new TemplatesNotFound(tried);
}

/** The parent of a template; its blocks come after those that the context has. */
export function extendTemplate(context: Context, name: Value): Template {
  const parent = getTemplate(context, name);
  for (const [block, render] of parent.blocks) {
    const known = context.blocks.get(block);
    if (known) known.push(render);
    else context.blocks.set(block, [render]);
  }
  return parent;
}

export function renderParent(parent: Template, context: Context): Rendered {
  return entering('extends', () => deeper(() => parent.root(context)));
}

interface IncludeOptions {
  readonly ignoreMissing: boolean;
  /** The locals at the place of an include with context. */
  readonly locals: ReadonlyMap<string, Value> | undefined;
  /** The names are written as a list. */
  readonly several: boolean;
}

/** The output of an included template. */
export function include(context: Context, names: Value, options: IncludeOptions): Rendered {
  const template = includedTemplate(context, names, options);
  if (!template) return context.environment.native ? [] : '';
  const { locals } = options;
  return entering('include', () => {
    if (!locals) return moduleOf(context, template).body;
    return deeper(() => template.root(template.newContext(context.state, context.snapshot(locals))));
  });
}

function includedTemplate(context: Context, names: Value, options: IncludeOptions): Template | undefined {
  try {
    const isOne = !options.several && (asText(names) !== undefined || names instanceof Undefined);
    return isOne ? getTemplate(context, names) : selectTemplate(context, names);
  } catch (error) {
    if (options.ignoreMissing && error instanceof TemplateNotFound && !error.place) return undefined;
    throw error;
  }
}

/** Marks the errors of another template with how it was reached. */
function entering<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && 'entered' in error) error.entered ??= what;
    throw error;
  }
}

/** An imported template: the variables that it exports. */
class Module extends PyObject {
  readonly typeName = 'TemplateModule';
  override readonly typeModule = 'jinja2.environment';
  readonly body: Rendered;
  readonly name: string | undefined;
  readonly #value: Value;
  readonly #exports: ReadonlyMap<string, Value>;

  /** @param value the body as one value */
  constructor(
    name: string | undefined,
    { body, value }: { body: Rendered; value: Value },
    exports: ReadonlyMap<string, Value>,
  ) {
    super();
    this.name = name;
    this.body = body;
    this.#value = value;
    this.#exports = exports;
  }

  override pyStr(): string {
    return str(this.#value);
  }

  override pyOutput(): string {
    const value = this.#value;
    return value instanceof PyObject && value.pyOutput ? value.pyOutput() : str(value);
  }

  override pyHtml(): string {
    return this.pyStr();
  }

  override pyRepr(): string {
    return this.name === undefined ? '<TemplateModule memory>' : `<TemplateModule ${reprText(this.name)}>`;
  }

  override pyGetAttribute(name: string): Value | undefined {
    return this.#exports.get(name);
  }
}

function makeModule(template: Template, context: Context): Module {
  const body = deeper(() => template.root(context));
  const exports = new Map([...context.exported].map((name) => [name, context.vars.get(name)!] as const));
  return new Module(template.name, { body, value: asValue(body, context) }, exports);
}

/** The module of a template without context; one for the whole render. */
function moduleOf(context: Context, template: Template): Module {
  const { state } = context;
  const known = state.modules.get(template) as Module | undefined;
  if (known) return known;
  // It sees none of the render's variables, but what it writes is written in this render.
  const variables: Variables = {
    get: (name) => context.environment.globals.get(name),
    wrote: (name, at) => context.wrote(name, at),
    works: context.works,
  };
  const made = makeModule(template, template.newContext(state, variables));
  state.modules.set(template, made);
  return made;
}

/** `import` and `from … import`; with the locals at the place of an import with context. */
export function importTemplate(
  context: Context,
  name: Value,
  locals: ReadonlyMap<string, Value> | undefined,
): Value {
  const template = getTemplate(context, name);
  return entering('import', () => {
    if (!locals) return moduleOf(context, template);
    return makeModule(template, template.newContext(context.state, context.snapshot(locals)));
  });
}

/** A name that a module should export; undefined with Jinja's hint when it doesn't. */
export function importName(context: Context, module: Value, name: string, position: string): Value {
  const found = module instanceof Module ? module.pyGetAttribute(name) : undefined;
  if (found !== undefined) return found;
  const from = module instanceof Module ? (module.name ?? null) : null;
  const hint = `the template ${repr(from)} (imported on ${position}) does not export the requested name ${reprText(name)}`;
  return context.environment.undefined({ hint, name });
}
