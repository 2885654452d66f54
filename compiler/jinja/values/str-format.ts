import { PythonError, SecurityError, typeError, valueError } from '../errors.ts';
import { willMake } from '../limits.ts';
import { formatSpec } from './format-spec.ts';
import { isMapping, mappingItems, repr, str, typeName } from './inspect.ts';
import { Markup } from './markup.ts';
import { asText } from './numbers.ts';
import { ascii } from './percent-format.ts';
import { Range } from './range.ts';
import { itemOf } from './slice.ts';
import { escapeText } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, PyText, type Value } from './value.ts';

/** What a format's fields are looked up in. */
interface Arguments {
  /** Undefined in format_map, which has none. */
  readonly positional: readonly Value[] | undefined;
  readonly named: (name: string) => Value | undefined;
}

/** Python's str.format; Markup escapes what it puts in. */
export function formatText(
  self: Value,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value {
  return new Formatter({ positional, named: (name) => named.get(name) }, self instanceof Markup).whole(
    asText(self)!,
  );
}

/** Python's str.format_map. */
export function formatMap(self: Value, mapping: Value): Value {
  const entries = isMapping(mapping) ? new Map(mappingItems(mapping)) : new Map<Value, Value>();
  const named = (name: string) => entries.get(name);
  return new Formatter({ positional: undefined, named }, self instanceof Markup).whole(asText(self)!);
}

const FIELD = /^([^.[!:{}]*)((?:\.[^.[\]]*|\[[^\]]*\])*)$/;

class Formatter {
  readonly #arguments: Arguments;
  readonly #safe: boolean;
  #automatic = 0;
  #numbering: 'automatic' | 'manual' | undefined;
  /** The text that the last field put in as it was. */
  #unchanged: PyText | undefined;

  constructor(given: Arguments, safe: boolean) {
    this.#arguments = given;
    this.#safe = safe;
  }

  /** What the format gives. Like CPython, a text that fills all of it unchanged, by a specification, stays itself. */
  whole(format: string): Value {
    const text = this.run(format, 2);
    return this.#unchanged !== undefined && text === this.#unchanged.text && format.endsWith('}')
      ? this.#unchanged
      : text;
  }

  run(format: string, depth: number): string {
    if (depth < 0) throw valueError('Max string recursion exceeded');
    let out = '';
    let at = 0;
    while (at < format.length) {
      const char = format[at]!;
      if ((char === '{' || char === '}') && format[at + 1] === char) {
        out += char;
        at += 2;
      } else if (char === '}') throw valueError("Single '}' encountered in format string");
      else if (char === '{') {
        const end = closing(format, at);
        out += this.#field(format.slice(at + 1, end), depth);
        willMake(out.length);
        at = end + 1;
      } else {
        const next = format.slice(at).search(/[{}]/);
        const stop = next === -1 ? format.length : at + next;
        out += format.slice(at, stop);
        at = stop;
      }
    }
    return out;
  }

  #field(field: string, depth: number): string {
    const { name, conversion, spec } = splitField(field);
    let value = this.#value(name);
    if (conversion === 's') value = str(value);
    else if (conversion === 'r') value = repr(value);
    else if (conversion === 'a') value = ascii(repr(value));
    else if (conversion !== undefined) {
      throw valueError(`Unknown conversion specifier '${conversion}'`);
    }
    const inner = spec.includes('{') || spec.includes('}') ? this.run(spec, depth - 1) : spec;
    if (!this.#safe) {
      const text = formatSpec(value, inner);
      if (text !== '')
        this.#unchanged = inner !== '' && value instanceof PyText && value.text === text ? value : undefined;
      return text;
    }
    if (value instanceof Markup) {
      if (inner !== '') throw valueError('Unsupported format specification for Markup.');
      return value.text;
    }
    return escapeText(formatSpec(value, inner));
  }

  #value(field: string): Value {
    const match = FIELD.exec(field);
    if (!match) throw valueError("expected '}' before end of string");
    const [, first = '', path = ''] = match;
    let value = this.#first(first);
    for (const [part, , index] of path.matchAll(/\.([^.[\]]*)|\[([^\]]*)\]/g)) {
      if (part === '.' || part === '[]') throw valueError('Empty attribute in format string');
      value = index === undefined ? attribute(value, part.slice(1)) : element(value, index);
    }
    return value;
  }

  #first(name: string): Value {
    if (name === '' || /^\d+$/.test(name)) {
      const numbering = name === '' ? 'automatic' : 'manual';
      if (this.#numbering !== undefined && this.#numbering !== numbering) {
        const [from, to] =
          numbering === 'manual'
            ? ['automatic field numbering', 'manual field specification']
            : ['manual field specification', 'automatic field numbering'];
        throw valueError(`cannot switch from ${from} to ${to}`);
      }
      this.#numbering = numbering;
      const index = name === '' ? this.#automatic++ : Number(name);
      const { positional } = this.#arguments;
      if (!positional) throw valueError('Format string contains positional fields');
      const value = positional[index];
      if (value !== undefined) return value;
      throw new PythonError(
        'IndexError',
        `Replacement index ${index} out of range for positional args tuple`,
      );
    }
    const value = this.#arguments.named(name);
    if (value === undefined) throw new PythonError('KeyError', repr(name));
    return value;
  }
}

/** The place of the brace that closes the one at `start`. */
function closing(format: string, start: number): number {
  let open = 0;
  for (let at = start; at < format.length; at++) {
    if (format[at] === '{') open++;
    else if (format[at] === '}' && --open === 0) return at;
    else if (format[at] === '[' && open === 1 && !format.slice(start, at).includes(':')) {
      const end = format.indexOf(']', at);
      if (end === -1) throw valueError("expected '}' before end of string");
      at = end;
    }
  }
  if (format.length === start + 1) throw valueError("Single '{' encountered in format string");
  throw valueError("expected '}' before end of string");
}

function splitField(field: string): { name: string; conversion: string | undefined; spec: string } {
  const match = /^((?:\[[^\]]*\]|[^[!:])*)(?:!([\s\S]?))?(?::([\s\S]*))?$/.exec(field);
  if (!match) throw valueError("expected ':' after conversion specifier");
  const [, name = '', conversion, spec = ''] = match;
  if (conversion === '') throw valueError('end of string while looking for conversion specifier');
  return { name, conversion, spec };
}

// A format may come from a variable, so it reaches only what a template's own attributes reach: nothing of Python's.
function attribute(value: Value, name: string): Value {
  if (name.startsWith('_'))
    throw new SecurityError(`access to attribute '${name}' in a format string is unsafe.`);
  const found = value instanceof PyObject ? value.pyGetAttribute?.(name) : undefined;
  if (found !== undefined) return found;
  throw new PythonError('AttributeError', `object has no attribute '${name}'`);
}

function element(value: Value, index: string): Value {
  const number = /^\d+$/.test(index);
  const found = itemOf(value, number ? Number(index) : index);
  if (found !== undefined) return found;
  if (isMapping(value)) throw new PythonError('KeyError', number ? index : repr(index));
  const kind = indexedKind(value);
  if (kind === undefined) throw typeError(`'${typeName(value)}' object is not subscriptable`);
  if (number)
    throw new PythonError('IndexError', `${kind === 'range' ? 'range object' : kind} index out of range`);
  throw typeError(
    kind === 'string'
      ? "string indices must be integers, not 'str'"
      : `${kind} indices must be integers or slices, not str`,
  );
}

/** What Python's errors call a value that has items by their index; undefined where it has none. */
function indexedKind(value: Value): string | undefined {
  if (asText(value) !== undefined) return 'string';
  return Array.isArray(value) || value instanceof Tuple || value instanceof Range
    ? typeName(value)
    : undefined;
}
