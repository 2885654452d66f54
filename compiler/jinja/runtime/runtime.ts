import type { Environment } from '../environment.ts';
import { locate, TemplateRuntimeError, typeError, valueError } from '../errors.ts';
import { failOutput, made, step, steps, used } from '../limits.ts';
import { constantPart, nativeConcat } from '../native.ts';
import { withoutMarks } from '../trace.ts';
import { compare, contains, equals } from '../values/compare.ts';
import {
  isMapping,
  iterate,
  iterateOrUndefined,
  mappingItems,
  str,
  toArray,
  truth,
  typeName,
  willRead,
} from '../values/inspect.ts';
import { Lazy } from '../values/lazy.ts';
import { Markup } from '../values/markup.ts';
import { asText } from '../values/numbers.ts';
import { add, asMarkup, dictOf, div, floordiv, mod, mul, neg, pos, pow, sub } from '../values/operators.ts';
import { SliceValue, sliceValue } from '../values/slice.ts';
import { joinTexts } from '../values/string-methods.ts';
import { escapeText, reprText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { type Keywords, PyObject, type Value } from '../values/value.ts';
import { callMethod, callValue, getAttribute, getItem, getKey, methodOwner } from './attributes.ts';
import type { Context } from './context.ts';
import { Loop } from './loop.ts';
import { Macro } from './macro.ts';
import { Namespace } from './namespace.ts';
import {
  extendTemplate,
  failExtended,
  importName,
  importTemplate,
  include,
  renderBlock,
  renderParent,
  requireBlock,
  superBlock,
  TemplateReference,
} from './templates.ts';
import { beginWork, dataMark, endWork, toldItems, toldWork, workMark } from './told-work.ts';
import { Undefined } from './undefined.ts';

/** What is printed of a value. */
function toText(value: Value): string {
  if (typeof value === 'string') return value;
  return value instanceof PyObject && value.pyOutput ? value.pyOutput() : str(value);
}

function withoutMarkup(value: Value): Value {
  return value instanceof Markup ? value.text : value;
}

/** markupsafe's escape of a value, as text. */
export function escapeHtml(value: Value): string {
  if (typeof value === 'string') return made(escapeText(value));
  if (value instanceof Markup) return value.text;
  if (value instanceof PyObject && value.pyHtml) return value.pyHtml();
  return made(escapeText(str(value)));
}

function escapeOrText(context: Context, value: Value): string {
  return context.evalContext.autoescape ? escapeHtml(value) : toText(value);
}

function finalize(context: Context, value: Value): Value {
  return context.environment.finalize!(value, context);
}

/** Output that was kept as a value instead of printed. */
function capture(context: Context, text: string): Value {
  return context.environment.capture!(text);
}

/** A part of the output that must be a text already, because Jinja joins it as it is. */
function joinable(value: Value): string {
  if (value instanceof PyObject && value.pyOutput) return value.pyOutput();
  const text = asText(value);
  if (text === undefined) throw typeError(`sequence item 0: expected str instance, ${typeName(value)} found`);
  return text;
}

function markIf(context: Context, value: Value): Value {
  return context.evalContext.autoescape ? asMarkup(value) : value;
}

function textJoin(parts: readonly Value[]): Value {
  for (const part of parts) if (part instanceof PyObject && part.pyJoin) return part.pyJoin(parts);
  return joinTexts(parts.map(str), '');
}

function markupJoin(parts: readonly Value[]): Value {
  const texts = parts.map((part) => (asText(part) === undefined ? str(part) : part));
  if (!texts.some((text) => text instanceof Markup)) return joinTexts(texts.map(str), '');
  return new Markup(joinTexts(texts.map(escapeHtml), ''));
}

function isIn(item: Value, container: Value): boolean {
  return contains(container, item);
}

function getSlice(_environment: Environment, value: Value, slice: SliceValue): Value {
  if (value instanceof Undefined) {
    const item = value.pyGetItem(slice);
    return item === undefined ? value.fail() : item;
  }
  return sliceValue(value, slice);
}

function keywords(items: readonly Value[]): Keywords {
  const map = new Map<string, Value>();
  for (let index = 0; index < items.length; index += 2) map.set(items[index] as string, items[index + 1]!);
  return map;
}

/** Keyword arguments and those of `**mapping`. */
function mergeKeywords(items: readonly Value[], mapping: Value): Keywords {
  const map = new Map(keywords(items));
  if (!isMapping(mapping)) throw typeError(`argument after ** must be a mapping, not ${typeName(mapping)}`);
  for (const [key, value] of mappingItems(mapping)) {
    const name = asText(key);
    if (name === undefined) throw typeError('keywords must be strings');
    if (map.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
    map.set(name, value);
  }
  return map;
}

/** The values of `*iterable`. */
function spread(value: Value): Value[] {
  if (iterateOrUndefined(value) === undefined) {
    throw typeError(`argument after * must be an iterable, not ${typeName(value)}`);
  }
  return toArray(value);
}

/** Counts a text or a large int before something reads it. */
function big(value: Value): Value {
  willRead(value);
  return value;
}

/** Counts a filter's call, and the text that it made. */
function checked(value: Value): Value {
  steps(2);
  return typeof value === 'string' ? made(value) : value;
}

function unknownFunction(kind: 'filter' | 'test', name: string): never {
  throw new TemplateRuntimeError(`No ${kind} named ${reprText(name)} found.`);
}

function noElse(position: string): Value {
  return new Undefined({
    hint: `the inline if-expression on ${position} evaluated to false and no else section was defined.`,
  });
}

/** The context with what a loop's body or block assigned, for functions that read it. */
function withAssigned(context: Context, assigned: ReadonlyMap<string, Value> | undefined): Context {
  return assigned === undefined ? context : context.derived(assigned);
}

/** The parts of a value that is assigned to `count` targets. */
function unpack(value: Value, count: number): readonly Value[] {
  if (value instanceof Tuple && value.items.length === count) return value.items;
  if (iterateOrUndefined(value) === undefined)
    throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
  const items: Value[] = [];
  for (const item of iterate(value)) {
    items.push(item);
    if (items.length > count) throw valueError(`too many values to unpack (expected ${count})`);
  }
  if (items.length < count) {
    throw valueError(`not enough values to unpack (expected ${count}, got ${items.length})`);
  }
  return items;
}

function checkNamespace(value: Value | undefined): void {
  if (!(value instanceof Namespace)) {
    throw new TemplateRuntimeError('cannot assign attribute on non-namespace object');
  }
}

function setAttribute(namespace: Value, name: string, value: Value): void {
  (namespace as Namespace).attributes.set(name, value);
}

/** The assigned names that have a value, from pairs. */
function localsOf(pairs: readonly (Value | undefined)[]): Map<string, Value> {
  const locals = new Map<string, Value>();
  for (let index = 0; index < pairs.length; index += 2) {
    const value = pairs[index + 1];
    if (value !== undefined) locals.set(pairs[index] as string, value);
  }
  return locals;
}

/** Tells that an expression uses a variable, where the value is none that the template itself assigned. */
function noteUse(context: Context, name: string, value: Value): Value {
  const isOwn = !(value instanceof Undefined) && context.get(name) === undefined;
  if (!isOwn) context.used(name);
  return value;
}

/** Tells that an output is written. */
function noteOutput(context: Context, template: string | undefined, at: number): void {
  context.wrote(template, at);
}

/**
 * What generated code can name. Most take one argument more than they use: the code sets the position for errors
 * there, after the other arguments were computed.
 */
export const RUNTIME = {
  Lazy,
  Loop,
  Macro,
  SliceValue,
  TemplateReference,
  Tuple,
  add,
  beginWork,
  big,
  call: callValue,
  callMethod,
  capture,
  checkNamespace,
  checked,
  compare,
  constantPart,
  dataMark,
  dictOf,
  div,
  endWork,
  equals,
  escapeHtml,
  escapeOrText,
  extendTemplate,
  failExtended,
  failOutput,
  finalize,
  floordiv,
  getAttribute,
  getItem,
  getKey,
  getSlice,
  importName,
  importTemplate,
  include,
  isIn,
  iterate,
  joinable,
  keywords,
  localsOf,
  locate,
  mark: asMarkup,
  markIf,
  markupJoin,
  mergeKeywords,
  methodOwner,
  mod,
  mul,
  nativeConcat,
  neg,
  noElse,
  noteOutput,
  noteUse,
  pos,
  pow,
  renderBlock,
  renderParent,
  requireBlock,
  setAttribute,
  spread,
  step,
  sub,
  superBlock,
  textJoin,
  toText,
  toldItems,
  toldWork,
  truth,
  unknownFunction,
  unpack,
  used,
  withAssigned,
  withoutMarks,
  withoutMarkup,
  workMark,
};
