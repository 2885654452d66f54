import { typeError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';
import { checkArguments } from './argument-check.ts';
import { type Keywords, PyObject, type Value } from './value.ts';

/** The body of a function: the parameters in order, omitted ones undefined, then varargs (array) and kwargs (Map). */
// biome-ignore lint/suspicious/noExplicitAny: each body names the parameters that its signature promises
export type Body = (...args: any[]) => Value;

interface Signature {
  readonly names: readonly string[];
  /** How many of `names` may be given by position. */
  readonly positional: number;
  /** How many of `names` must be given. */
  readonly required: number;
  readonly positionalOnly: boolean;
  readonly varargs: boolean;
  readonly kwargs: boolean;
}

const signatures = new Map<string, Signature>();

/**
 * Python's parameter list in short: names parted by spaces, `?` behind an optional one, `/` last when none may be
 * given by name, `*` before those that must be, `*args` and `**kwargs` for the rest.
 */
function parseSignature(text: string): Signature {
  const known = signatures.get(text);
  if (known) return known;
  const words = text.split(' ').filter((word) => word !== '');
  const plain = words.filter((word) => !/^[*/]/.test(word));
  const star = words.findIndex((word) => word === '*' || /^\*[a-z]/.test(word));
  const signature = {
    names: plain.map((word) => word.replace('?', '')),
    positional: star === -1 ? plain.length : words.slice(0, star).filter((word) => word !== '/').length,
    required: plain.filter((word) => !word.endsWith('?')).length,
    positionalOnly: words.includes('/'),
    varargs: words.some((word) => /^\*[a-z]/.test(word)),
    kwargs: words.some((word) => word.startsWith('**')),
  };
  signatures.set(text, signature);
  return signature;
}

/** A function that templates can call: a global, a filter, a test or a method. */
export class PyFunction extends PyObject {
  readonly typeName = 'function';
  readonly name: string;
  readonly passContext: boolean;
  readonly body: Body;
  readonly signature: Signature;
  /** Its body looks at what it is given, as checkArguments does. */
  readonly checksArguments: boolean = false;

  constructor(name: string, parameters: string, options: { body: Body; passContext: boolean }) {
    super();
    this.name = name;
    this.body = options.body;
    this.passContext = options.passContext;
    this.signature = parseSignature(parameters);
  }

  override pyCall(args: readonly Value[], keywords: Keywords | undefined, context: Context): Value {
    if (!this.checksArguments) checkArguments(args, keywords);
    const bound = bindArguments(this, args, keywords);
    return this.passContext ? this.body(context, ...bound) : this.body(...bound);
  }

  named(name: string): PyFunction {
    const signature = this.signature;
    const copy = new PyFunction(name, '', { body: this.body, passContext: this.passContext });
    return Object.assign(copy, { signature });
  }
}

/**
 * A function for templates.
 * @param parameters as parseSignature says: `'value width? *args **kwargs'`
 * @param body gets the values in that order; what it returns is the call's value
 */
export function pyFunction(parameters: string, body: Body): PyFunction {
  return new PyFunction('function', parameters, { body, passContext: false });
}

/** Like pyFunction; the body's first argument is the context of the template that calls. */
export function contextFunction(parameters: string, body: Body): PyFunction {
  return new PyFunction('function', parameters, { body, passContext: true });
}

/** A table of functions by name, each knowing its name for error messages. */
export function functionTable(functions: Record<string, PyFunction>): Map<string, PyFunction> {
  return new Map(Object.entries(functions).map(([name, fn]) => [name, fn.named(name)]));
}

/** The arguments in the order of the parameters; `TypeError` as Python raises it when they don't fit. */
export function bindArguments(
  fn: PyFunction,
  args: readonly Value[],
  keywords: Keywords | undefined,
): (Value | readonly Value[] | Map<string, Value> | undefined)[] {
  const { signature, name } = fn;
  const { names, positional, varargs, kwargs } = signature;
  if (args.length > positional && !varargs) {
    throw typeError(`${name}() takes ${positional} positional arguments but ${args.length} were given`);
  }
  const bound: (Value | undefined)[] = args.slice(0, positional);
  while (bound.length < names.length) bound.push(undefined);
  const rest = new Map<string, Value>();
  for (const [key, value] of keywords ?? []) {
    const index = signature.positionalOnly ? -1 : names.indexOf(key);
    if (index === -1) {
      if (!kwargs) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
      rest.set(key, value);
    } else if (bound[index] !== undefined)
      throw typeError(`${name}() got multiple values for argument '${key}'`);
    else bound[index] = value;
  }
  requireAll(fn, bound);
  const extra = [...(varargs ? [args.slice(positional)] : []), ...(kwargs ? [rest] : [])];
  return [...bound, ...extra];
}

function requireAll(fn: PyFunction, bound: readonly (Value | undefined)[]): void {
  const { names, required } = fn.signature;
  const missing = names.filter((_, index) => index < required && bound[index] === undefined);
  if (missing.length === 0) return;
  const quoted = missing.map((name) => `'${name}'`).join(' and ');
  throw typeError(
    `${fn.name}() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${quoted}`,
  );
}
