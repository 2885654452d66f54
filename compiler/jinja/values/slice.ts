import { typeError, valueError } from '../errors.ts';
import { steps, willMake } from '../limits.ts';
import { Dict } from './dict.ts';
import { repr, typeName } from './inspect.ts';
import { Markup } from './markup.ts';
import { asInt, wantIndex } from './numbers.ts';
import { codePoints } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, PyText, type Value } from './value.ts';

/** Python's slice. */
export class SliceValue extends PyObject {
  readonly typeName = 'slice';
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;

  constructor(start: Value, stop: Value, step: Value) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  override pyRepr(): string {
    return `slice(${repr(this.start)}, ${repr(this.stop)}, ${repr(this.step)})`;
  }

  /** The indices that it takes of a sequence of that length: where it starts, stops, and its step. */
  indices(length: number): { start: number; stop: number; step: number } {
    const step = this.step === null ? 1 : bound(this.step);
    if (step === 0) throw valueError('slice step cannot be zero');
    const [low, high] = step < 0 ? [-1, length - 1] : [0, length];
    const clamp = (value: Value, otherwise: number) => {
      if (value === null) return otherwise;
      const index = bound(value);
      return index < 0 ? Math.max(low, index + length) : Math.min(high, index);
    };
    const start = clamp(this.start, step < 0 ? high : low);
    const stop = clamp(this.stop, step < 0 ? low : high);
    return { start, stop, step };
  }
}

function bound(value: Value): number {
  if (asInt(value) === undefined && !(value instanceof PyObject && 'fail' in value)) {
    throw typeError('slice indices must be integers or None or have an __index__ method');
  }
  return wantIndex(value);
}

/** The items of an array-like that a slice takes. */
export function takeSlice<T>(items: ArrayLike<T>, slice: SliceValue): T[] {
  const { start, stop, step } = slice.indices(items.length);
  const taken: T[] = [];
  steps(Math.max(0, Math.ceil((stop - start) / step)) >> 3);
  if (step > 0) for (let index = start; index < stop; index += step) taken.push(items[index]!);
  else for (let index = start; index > stop; index += step) taken.push(items[index]!);
  return taken;
}

/** Python's `value[slice]`. @throws TypeError where the type has no slices */
export function sliceValue(value: Value, slice: SliceValue): Value {
  if (typeof value === 'string') return sliceText(value, slice);
  if (Array.isArray(value)) return takeSlice(value, slice);
  if (value instanceof Tuple) return new Tuple(takeSlice(value.items, slice));
  if (value instanceof PyText) {
    const text = sliceText(value.text, slice);
    return value instanceof Markup ? new Markup(text) : text;
  }
  if (value instanceof PyObject && value.pyGetItem) {
    const taken = value.pyGetItem(slice);
    if (taken !== undefined) return taken;
  }
  if (value instanceof Dict) throw typeError("unhashable type: 'slice'");
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}

function sliceText(text: string, slice: SliceValue): string {
  const points = codePoints(text);
  if (typeof points === 'string') {
    const { start, stop, step } = slice.indices(points.length);
    if (step === 1) return points.slice(start, Math.max(start, stop));
  }
  willMake(text.length);
  return takeSlice(points, slice).join('');
}

/** Python's `value[key]`, or undefined where that raises LookupError or TypeError. */
export function itemOf(value: Value, key: Value): Value | undefined {
  if (key instanceof SliceValue) return sliceValue(value, key);
  if (value instanceof Dict) return value.get(key);
  const index = asInt(key);
  if (Array.isArray(value)) return index === undefined ? undefined : at(value, index);
  if (value instanceof Tuple) return index === undefined ? undefined : at(value.items, index);
  if (typeof value === 'string') return index === undefined ? undefined : at(codePoints(value), index);
  if (value instanceof PyText) {
    const char = index === undefined ? undefined : at(codePoints(value.text), index);
    return char !== undefined && value instanceof Markup ? new Markup(char) : char;
  }
  return value instanceof PyObject ? value.pyGetItem?.(key) : undefined;
}

function at<T>(items: ArrayLike<T>, index: number | bigint): T | undefined {
  const number = Number(index);
  return items[number < 0 ? number + items.length : number];
}
