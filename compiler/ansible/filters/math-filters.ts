import { FILTERS as JINJA_FILTERS } from '../../jinja/filters/filters.ts';
import {
  asInt,
  asNumber,
  asText,
  type Context,
  contains,
  contextFunction,
  Dict,
  equals,
  Float,
  int,
  isMapping,
  JinjaError,
  LimitError,
  operators,
  type PyFunction,
  PythonError,
  pyFunction,
  steps,
  str,
  toArray,
  toDouble,
  truth,
  typeError,
  typeName,
  Undefined,
  UnsupportedError,
  type Value,
  valueError,
} from '../../jinja/jinja.ts';
import { fixed, reprFloat } from '../../jinja/values/float-text.ts';
import { AnsibleFilterError } from '../errors.ts';
import { exactLog } from './exact-log.ts';
import { humanToBytes, SIZES } from './human-size.ts';
import { MersenneTwister } from './mersenne-twister.ts';
import { setOrder } from './set-order.ts';

function doubleOf(value: Value, filter: string): number {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number === undefined) {
    throw new AnsibleFilterError(
      `${filter}() can only be used on numbers: must be real number, not ${typeName(value)}`,
    );
  }
  return toDouble(number);
}

function logarithm(value: Value, base: Value): Value {
  const [x, b] = [doubleOf(value, 'log'), doubleOf(base, 'log')];
  if (x <= 0 || b <= 0) throw valueError('math domain error');
  if (b === 10) return new Float(Math.log10(x));
  if (b === 1) throw new PythonError('ZeroDivisionError', 'float division by zero');
  return new Float(logOf(x) / logOf(b));
}

/** Python's math.log. */
function logOf(x: number): number {
  return Number.isFinite(x) ? exactLog(x) : x;
}

function power(value: Value, exponent: Value, filter: string): Value {
  const [x, y] = [doubleOf(value, filter), doubleOf(exponent, filter)];
  const result = x === 1 || y === 0 ? 1 : x ** y;
  if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y)) throw valueError('math domain error');
  if (x === 0 && y < 0) throw valueError('math domain error');
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) {
    throw new PythonError('OverflowError', 'math range error');
  }
  return new Float(result);
}

function root(value: Value, base: Value): Value {
  try {
    if (!equals(base, 2))
      return power(value, operators.div(new Float(1), new Float(doubleOf(base, 'root'))), 'root');
    const x = doubleOf(value, 'root');
    if (x < 0) throw valueError('math domain error');
    return new Float(Math.sqrt(x));
  } catch (error) {
    if (error instanceof JinjaError && error.name === 'ValueError') {
      throw new AnsibleFilterError(`root() can only be used on numbers: ${error.message}`);
    }
    throw error;
  }
}

function humanReadable(value: Value, isBits: boolean, unit: Value): Value {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number === undefined) {
    throw new AnsibleFilterError(
      `human_readable() failed on bad input: '>=' not supported between instances of '${typeName(value)}' and 'int'`,
    );
  }
  const size = toDouble(number);
  const wanted = unit === null ? undefined : str(unit).toUpperCase();
  const [suffix, limit] =
    SIZES.find(([name, least]) => (wanted === undefined ? size >= least : wanted === name)) ?? SIZES.at(-1)!;
  const base = isBits ? 'bits' : 'Bytes';
  const shown = size / limit;
  const text = Number.isFinite(shown)
    ? `${shown < 0 || Object.is(shown, -0) ? '-' : ''}${fixed(shown, 2)}`
    : reprFloat(shown);
  return `${text} ${limit === 1 ? base : suffix + base[0]}`;
}

function sets(a: Value, b: Value): [Dict, Dict] | undefined {
  const set = (value: Value) => new Dict(toArray(value).map((item) => [item, null] as const));
  try {
    return [set(a), set(b)];
  } catch (error) {
    if (error instanceof JinjaError && error.name === 'TypeError') return undefined;
    throw error;
  }
}

/** The values in which each stands once, in order, told apart by `==`: for what can be no key. */
function distinct(items: readonly Value[]): Value[] {
  const result: Value[] = [];
  for (const item of items) if (!contains(result, item)) result.push(item);
  return result;
}

type SetOperation = 'union' | 'intersect' | 'difference' | 'symmetric_difference';

function setOperation(operation: SetOperation, a: Value, b: Value): Value[] {
  const both = sets(a, b);
  if (both) return setOrder(operation, [...both[0].keys()], [...both[1].keys()]);
  if (operation === 'union') return distinct(toArray(operators.add(a, b)));
  const items = toArray(a);
  if (operation === 'difference') return distinct(items.filter((item) => !contains(b, item)));
  const shared = distinct(items.filter((item) => contains(b, item)));
  if (operation === 'intersect') return shared;
  return distinct(toArray(operators.add(a, b))).filter((item) => !contains(shared, item));
}

function unique(context: Context, value: Value, caseSensitive: Value, attribute: Value): Value {
  const jinja = JINJA_FILTERS.get('unique')!;
  try {
    return toArray(jinja.pyCall([value, truth(caseSensitive), attribute], undefined, context));
  } catch (error) {
    if (!(error instanceof JinjaError) || error instanceof LimitError) throw error;
    if (caseSensitive === false || truth(attribute)) {
      throw new AnsibleFilterError(
        "Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not support the parameters supplied",
      );
    }
    return distinct(toArray(value));
  }
}

function generator(seed: Value): MersenneTwister {
  // The twister's state is made for the seed.
  steps(32);
  const number = asInt(seed);
  if (number !== undefined) return new MersenneTwister(BigInt(number));
  const text = asText(seed);
  if (text !== undefined) {
    steps(text.length >> 2);
    return new MersenneTwister(text);
  }
  throw new UnsupportedError(`a seed is a text or an int here, not ${typeName(seed)}`);
}

function random(end: Value, start: Value, step: Value, seed: Value): Value {
  if (seed === null) {
    throw new UnsupportedError(
      'random() without seed gives another value in every run; give a seed, such as random(seed=inventory_hostname)',
    );
  }
  const source = generator(seed);
  const limit = asInt(end);
  if (limit === undefined) {
    if (truth(start) || truth(step))
      throw new AnsibleFilterError('start and step can only be used with integer values');
    const items = toArray(end);
    if (isMapping(end))
      throw new PythonError('KeyError', 'random can only be used on sequences and integers');
    if (items.length === 0) throw new PythonError('IndexError', 'Cannot choose from an empty sequence');
    return items[Number(source.below(BigInt(items.length)))]!;
  }
  const first = truth(start) ? BigInt(wholeOf(start)) : 0n;
  const by = truth(step) ? BigInt(wholeOf(step)) : 1n;
  const width = BigInt(limit) - first;
  const count = by > 0n ? (width + by - 1n) / by : (width + by + 1n) / by;
  if (count <= 0n || (by > 0n ? width <= 0n : width >= 0n)) {
    throw valueError(`empty range for randrange() (${first}, ${limit}, ${width})`);
  }
  return int(first + by * source.below(count));
}

function wholeOf(value: Value): number | bigint {
  const whole = asInt(value);
  if (whole === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  return whole;
}

function shuffle(value: Value, seed: Value): Value {
  if (!truth(seed)) {
    throw new UnsupportedError(
      'shuffle without seed gives another order in every run; give a seed, such as shuffle(seed=inventory_hostname)',
    );
  }
  const items = toArray(value);
  // Python can't hash these, and Ansible gives the list as it is.
  if (Array.isArray(seed) || seed instanceof Dict) return items;
  const source = generator(seed);
  for (let index = items.length - 1; index > 0; index--) {
    const other = Number(source.below(BigInt(index + 1)));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}

function toBool(value: Value): Value {
  if (value === null || typeof value === 'boolean') return value;
  const text = asText(value);
  if (text !== undefined) return ['yes', 'on', '1', 'true'].includes(text.toLowerCase());
  return equals(value, 1);
}

const setFilter = (operation: SetOperation) =>
  pyFunction('a b', (a: Value, b: Value) => setOperation(operation, a, b));

/** Filters that compute. */
export const MATH_FILTERS: Record<string, PyFunction> = {
  bool: pyFunction('a', toBool),
  log: pyFunction('x base?', (x: Value, base: Value = new Float(Math.E)) => logarithm(x, base)),
  pow: pyFunction('x y', (x: Value, y: Value) => power(x, y, 'pow')),
  root: pyFunction('x base?', (x: Value, base: Value = 2) => root(x, base)),
  human_readable: pyFunction('size isbits? unit?', (size: Value, bits: Value = false, unit: Value = null) =>
    humanReadable(size, truth(bits), unit),
  ),
  human_to_bytes: pyFunction(
    'size default_unit? isbits?',
    (size: Value, unit: Value = null, bits: Value = false) =>
      humanToBytes(str(size), unit === null ? undefined : str(unit), truth(bits)),
  ),
  union: setFilter('union'),
  intersect: setFilter('intersect'),
  difference: setFilter('difference'),
  symmetric_difference: setFilter('symmetric_difference'),
  unique: contextFunction(
    'a case_sensitive? attribute?',
    (context: Context, value: Value, caseSensitive: Value = null, attribute: Value = null) =>
      unique(context, value, caseSensitive, attribute),
  ),
  random: pyFunction(
    'end start? step? seed?',
    (end: Value, start: Value = null, step: Value = null, seed: Value = null) =>
      random(end, start, step, seed),
  ),
  shuffle: pyFunction('mylist seed?', (value: Value, seed: Value = null) => shuffle(value, seed)),
};
