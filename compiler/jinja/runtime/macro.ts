import { typeError } from '../errors.ts';
import { enter, step, used } from '../limits.ts';
import { Dict } from '../values/dict.ts';
import { asMarkup } from '../values/operators.ts';
import { reprText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { type Keywords, PyObject, type Value } from '../values/value.ts';
import type { Context } from './context.ts';

/** What a macro takes, as the compiler found it. */
export interface MacroShape {
  /** None for the body of a call block. */
  readonly name: string | undefined;
  readonly parameters: readonly string[];
  readonly catchKeywords: boolean;
  readonly catchVarargs: boolean;
  readonly usesCaller: boolean;
}

/** The parameters in order (undefined where none was given), then caller, kwargs and varargs where the shape has them. */
export type MacroFunction = (...args: (Value | undefined)[]) => Value;

/** A macro, or the body of a call block as `caller`. */
export class Macro extends PyObject {
  readonly typeName = 'Macro';
  override readonly typeModule = 'jinja2.runtime';
  readonly shape: MacroShape;
  readonly #invoke: MacroFunction;

  constructor(shape: MacroShape, invoke: MacroFunction) {
    super();
    this.shape = shape;
    this.#invoke = invoke;
  }

  override pyRepr(): string {
    return this.shape.name === undefined ? '<Macro anonymous>' : `<Macro ${reprText(this.shape.name)}>`;
  }

  override pyGetAttribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.shape.name ?? null;
      case 'arguments':
        return new Tuple(this.shape.parameters);
      case 'catch_kwargs':
        return this.shape.catchKeywords;
      case 'catch_varargs':
        return this.shape.catchVarargs;
      case 'caller':
        return this.shape.usesCaller;
    }
    return undefined;
  }

  override pyCall(args: readonly Value[], keywords: Keywords | undefined, context: Context): Value {
    step();
    const given = this.#arguments(args, keywords, context);
    enter();
    try {
      const result = this.#invoke(...given);
      return context.evalContext.autoescape ? asMarkup(result) : result;
    } finally {
      used.depth--;
    }
  }

  #arguments(
    args: readonly Value[],
    keywords: Keywords | undefined,
    context: Context,
  ): (Value | undefined)[] {
    const { parameters, catchKeywords, catchVarargs, usesCaller } = this.shape;
    if (!keywords && args.length === parameters.length && !catchKeywords && !catchVarargs && !usesCaller) {
      return args as Value[];
    }
    const rest = new Map(keywords ?? []);
    const given: (Value | undefined)[] = args.slice(0, parameters.length);
    let callerGiven = given.length === parameters.length && parameters.includes('caller');
    for (const parameter of parameters.slice(given.length)) {
      given.push(rest.get(parameter));
      rest.delete(parameter);
      if (parameter === 'caller') callerGiven = true;
    }
    if (usesCaller && !callerGiven) {
      const caller = rest.get('caller');
      rest.delete('caller');
      given.push(caller ?? context.environment.undefined({ hint: 'No caller defined', name: 'caller' }));
    }
    if (catchKeywords) given.push(new Dict(rest));
    else this.#refuse(rest);
    if (catchVarargs) given.push(new Tuple(args.slice(parameters.length)));
    else if (args.length > parameters.length) {
      throw typeError(`macro ${this.#name} takes not more than ${parameters.length} argument(s)`);
    }
    return given;
  }

  get #name(): string {
    return this.shape.name === undefined ? 'None' : reprText(this.shape.name);
  }

  #refuse(rest: ReadonlyMap<string, Value>): void {
    const [name] = rest.keys();
    if (name === undefined) return;
    if (rest.has('caller')) {
      throw typeError(
        `macro ${this.#name} was invoked with two values for the special caller argument. This is most likely a bug.`,
      );
    }
    throw typeError(`macro ${this.#name} takes no keyword argument ${reprText(name)}`);
  }
}
