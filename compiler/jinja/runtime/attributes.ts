import type { Environment } from '../environment.ts';
import { SecurityError, typeError } from '../errors.ts';
import { unescapeHtml } from '../filters/entities.ts';
import { stripTags } from '../filters/strip-tags.ts';
import { step } from '../limits.ts';
import { checkArguments } from '../values/argument-check.ts';
import { Dict, UnhashableError } from '../values/dict.ts';
import { DICT_METHODS } from '../values/dict-methods.ts';
import { failIfClosed } from '../values/fail-if-closed.ts';
import { Float } from '../values/float.ts';
import { bindArguments, functionTable, type PyFunction, pyFunction } from '../values/function.ts';
import { typeName, willRead } from '../values/inspect.ts';
import { LIST_METHODS, TUPLE_METHODS } from '../values/list-methods.ts';
import { Markup } from '../values/markup.ts';
import { markupResult } from '../values/markup-methods.ts';
import { FLOAT_METHODS, INT_METHODS, numberAttribute } from '../values/number-methods.ts';
import { RANGE_METHODS, Range } from '../values/range.ts';
import { PySet } from '../values/set.ts';
import { SET_METHODS } from '../values/set-methods.ts';
import { itemOf } from '../values/slice.ts';
import { STRING_METHODS } from '../values/string-methods.ts';
import { reprText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { type Keywords, PyObject, PyText, type Value } from '../values/value.ts';
import type { Context } from './context.ts';
import { Undefined } from './undefined.ts';

const NO_METHODS: ReadonlyMap<string, PyFunction> = new Map();

/** Markup's methods beside those of str. */
const MARKUP_METHODS: ReadonlyMap<string, PyFunction> = new Map([
  ...STRING_METHODS,
  ...functionTable({
    striptags: pyFunction('/', (self: Markup) => stripTags(self.text)),
    unescape: pyFunction('/', (self: Markup) => unescapeHtml(self.text)),
  }),
]);

const TABLES = [
  MARKUP_METHODS,
  DICT_METHODS,
  STRING_METHODS,
  LIST_METHODS,
  TUPLE_METHODS,
  INT_METHODS,
  FLOAT_METHODS,
  SET_METHODS,
];

/** Attributes of every Python object; templates must not have them. */
const INTERNAL =
  /^__(?:class|base|bases|mro|subclasses|init|new|del|dict|doc|module|globals|builtins|code|func|self|getattribute|setattr|delattr|reduce|reduce_ex|sizeof|format|hash|str|repr|eq|ne|lt|le|gt|ge|dir|init_subclass|subclasshook|getitem|len|iter|contains|call|add|mul|mod|html|html_format|getstate|weakref|slots|annotations|name|qualname|defaults|closure|kwdefaults|next|int|float|bool|index|setitem|delitem|reversed|import|loader|file|path|class_getitem|getnewargs|radd|rmul|rmod|iadd|imul|or|and|sub|xor|ror|ior|pow|abs|neg|pos|invert|truediv|floordiv|divmod|round|trunc|floor|ceil|lshift|rshift)__$/;

/** The methods of a builtin type. */
function methodsOf(value: Value): ReadonlyMap<string, PyFunction> {
  if (value instanceof Dict) return DICT_METHODS;
  if (value instanceof Markup) return MARKUP_METHODS;
  if (typeof value === 'string' || value instanceof PyText) return STRING_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  if (value instanceof Tuple) return TUPLE_METHODS;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return INT_METHODS;
  if (value instanceof Float) return FLOAT_METHODS;
  if (value instanceof PySet) return SET_METHODS;
  return value instanceof Range ? RANGE_METHODS : NO_METHODS;
}

/** Could any builtin value have an attribute of that name? */
export function isAttributeOfBuiltin(name: string): boolean {
  return (
    name.startsWith('__') ||
    name === 'grouper' ||
    name === 'list' ||
    TABLES.some((table) => table.has(name)) ||
    isNumberAttribute(name)
  );
}

function isNumberAttribute(name: string): boolean {
  return numberAttribute(0, name) !== undefined;
}

/** A method of a value, before it is called. */
class BoundMethod extends PyObject {
  readonly typeName = 'builtin_function_or_method';
  readonly #self: Value;
  readonly #method: PyFunction;

  constructor(self: Value, method: PyFunction) {
    super();
    this.#self = self;
    this.#method = method;
  }

  override pyCall(args: readonly Value[], keywords: Keywords | undefined): Value {
    return invoke(this.#self, this.#method, args, keywords);
  }
}

function invoke(
  self: Value,
  method: PyFunction,
  args: readonly Value[],
  keywords: Keywords | undefined,
): Value {
  step();
  checkArguments(args, keywords);
  willRead(self);
  for (const arg of args) willRead(arg);
  const bound =
    keywords ||
    args.length !== method.signature.names.length ||
    method.signature.varargs ||
    method.signature.kwargs
      ? bindArguments(method, args, keywords)
      : args;
  const result = method.body(self, ...bound);
  return self instanceof Markup ? markupResult(method.name, result) : result;
}

/** Python's getattr(value, name), or undefined where that raises AttributeError. */
export function attributeOf(value: Value, name: string): Value | undefined {
  if (name.startsWith('__') && INTERNAL.test(name)) {
    throw new SecurityError(
      `access to attribute ${reprText(name)} of ${reprText(typeName(value))} object is unsafe.`,
    );
  }
  if (value instanceof PyObject && value.pyGetAttribute) {
    const attribute = value.pyGetAttribute(name);
    if (attribute !== undefined) return attribute;
  }
  if (value instanceof Tuple && value.names?.includes(name)) return value.items[value.names.indexOf(name)];
  const method = methodsOf(value).get(name);
  if (method) return new BoundMethod(value, method);
  return numberAttribute(value, name);
}

/** Jinja's `value.name`: the attribute, else the item, else undefined. */
export function getAttribute(environment: Environment, value: Value, name: string): Value {
  const found = attributeOf(value, name);
  return found === undefined ? item(environment, value, name) : found;
}

/** Jinja's `value.name` for a name that no builtin value has as attribute. */
export function getKey(environment: Environment, value: Value, name: string): Value {
  if (!(value instanceof PyObject)) return item(environment, value, name);
  return getAttribute(environment, value, name);
}

function item(environment: Environment, value: Value, name: string): Value {
  const found = value instanceof Dict ? value.get(name) : itemOf(value, name);
  return found === undefined ? environment.undefined({ object: value, name }) : found;
}

/** Jinja's `value[key]`: the item, else the attribute, else undefined. */
export function getItem(environment: Environment, value: Value, key: Value): Value {
  if (typeof key === 'object') failIfClosed(key);
  const found = itemOrUndefined(value, key);
  if (found !== undefined) return found;
  const name = typeof key === 'string' ? key : key instanceof PyText ? key.text : undefined;
  const attribute = name === undefined ? undefined : attributeOf(value, name);
  return attribute === undefined ? environment.undefined({ object: value, name: key }) : attribute;
}

/** Python's `value[key]`, or undefined where that raises LookupError or TypeError, an unhashable key included. */
function itemOrUndefined(value: Value, key: Value): Value | undefined {
  if (value instanceof Dict && (Array.isArray(key) || key instanceof Dict)) return undefined;
  if (!(key instanceof Tuple || key instanceof PyObject)) return itemOf(value, key);
  try {
    return itemOf(value, key);
  } catch (error) {
    if (error instanceof UnhashableError) return undefined;
    throw error;
  }
}

/** The value of which a method is called, checked before the arguments are computed: an undefined one has none. */
export function methodOwner(value: Value, name: string): Value {
  if (value instanceof Undefined) value.pyGetAttribute(name);
  return value;
}

/** `value.name(…)` without a bound method between. */
export function callMethod(
  context: Context,
  value: Value,
  name: string,
  args: readonly Value[],
  keywords: Keywords | undefined,
): Value {
  const method = value instanceof PyObject && value.pyGetAttribute ? undefined : methodsOf(value).get(name);
  if (method) return invoke(value, method, args, keywords);
  return callValue(context, getAttribute(context.environment, value, name), args, keywords);
}

/** Python's call of a value. */
export function callValue(
  context: Context,
  value: Value,
  args: readonly Value[],
  keywords: Keywords | undefined,
): Value {
  step();
  if (value instanceof PyObject && value.pyCall) return value.pyCall(args, keywords, context);
  throw typeError(`'${typeName(value)}' object is not callable`);
}
