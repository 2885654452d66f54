import { FilterArgumentError, JinjaError, TemplateRuntimeError } from '../errors.ts';
import { step } from '../limits.ts';
import { attributeOf, callValue, getAttribute } from '../runtime/attributes.ts';
import type { Context } from '../runtime/context.ts';
import { Undefined } from '../runtime/undefined.ts';
import { Dict } from '../values/dict.ts';
import { contextFunction, type PyFunction } from '../values/function.ts';
import { iterate, repr, truth } from '../values/inspect.ts';
import { Lazy } from '../values/lazy.ts';
import { asText } from '../values/numbers.ts';
import { reprText } from '../values/text.ts';
import type { Value } from '../values/value.ts';
import { attributeReader } from './attributes.ts';

/** A filter or test by the name that a template computed. */
function named(table: ReadonlyMap<string, PyFunction>, kind: 'filter' | 'test', name: Value): PyFunction {
  const text = asText(name);
  if (text === undefined) new Dict().has(name);
  const found = text === undefined ? undefined : table.get(text);
  if (found) return found;
  let message = `No ${kind} named ${repr(name)}.`;
  if (name instanceof Undefined) message += ` (${failure(name)}; did you forget to quote the callable name?)`;
  throw new TemplateRuntimeError(message);
}

function failure(value: Undefined): string {
  const error = value.error();
  return error instanceof JinjaError ? error.message : String(error);
}

type Keywords = ReadonlyMap<string, Value>;

/** What `map` does to each item: reads an attribute, or applies a filter. */
function mapper(context: Context, args: readonly Value[], keywords: Keywords): (item: Value) => Value {
  if (args.length === 0 && keywords.has('attribute')) {
    const rest = new Map(keywords);
    const attribute = rest.get('attribute')!;
    const otherwise = rest.get('default') ?? null;
    rest.delete('attribute');
    rest.delete('default');
    const [unexpected] = rest.keys();
    if (unexpected !== undefined) {
      throw new FilterArgumentError(`Unexpected keyword argument ${reprText(unexpected)}`);
    }
    return attributeReader(context.environment, attribute, { otherwise });
  }
  const [name, ...rest] = args;
  if (name === undefined) throw new FilterArgumentError('map requires a filter argument');
  return (item) =>
    callValue(context, named(context.environment.filters, 'filter', name), [item, ...rest], keywords);
}

function* mapped(
  context: Context,
  value: Value,
  args: readonly Value[],
  keywords: Keywords,
): Iterable<Value> {
  if (!truth(value)) return;
  const map = mapper(context, args, keywords);
  for (const item of iterate(value)) {
    step();
    yield map(item);
  }
}

interface Selection {
  readonly args: readonly Value[];
  readonly keywords: Keywords;
  /** Keep the items that pass, or those that don't. */
  readonly keep: boolean;
  /** Look at an attribute of each item, named by the first argument. */
  readonly byAttribute: boolean;
}

function predicate(context: Context, { args, keywords, byAttribute }: Selection): (item: Value) => boolean {
  const rest = [...args];
  let read = (item: Value) => item;
  if (byAttribute) {
    const attribute = rest.shift();
    if (attribute === undefined) throw new FilterArgumentError('Missing parameter for attribute name');
    read = attributeReader(context.environment, attribute);
  }
  const name = rest.shift();
  if (name === undefined) return (item) => truth(read(item));
  return (item) => {
    const test = named(context.environment.tests, 'test', name);
    return truth(callValue(context, test, [read(item), ...rest], keywords));
  };
}

function* selected(context: Context, value: Value, selection: Selection): Iterable<Value> {
  if (!truth(value)) return;
  const passes = predicate(context, selection);
  for (const item of iterate(value)) {
    step();
    if (passes(item) === selection.keep) yield item;
  }
}

function selectFilter(keep: boolean, byAttribute: boolean): PyFunction {
  return contextFunction(
    'value *args **kwargs',
    (context: Context, value: Value, args: readonly Value[], keywords: Keywords) =>
      new Lazy('generator', selected(context, value, { args, keywords, keep, byAttribute })),
  );
}

/** Jinja's filters that apply another filter, a test or an attribute to each item. */
export const SELECT_FILTERS = {
  map: contextFunction(
    'value *args **kwargs',
    (context: Context, value: Value, args: Value[], keywords: Keywords) => {
      return new Lazy('generator', mapped(context, value, args, keywords));
    },
  ),
  select: selectFilter(true, false),
  reject: selectFilter(false, false),
  selectattr: selectFilter(true, true),
  rejectattr: selectFilter(false, true),
  attr: contextFunction('obj name', (context: Context, object: Value, name: Value) => {
    const text = asText(name) ?? repr(name);
    if (attributeOf(object, text) === undefined) return context.environment.undefined({ object, name });
    return getAttribute(context.environment, object, text);
  }),
};
