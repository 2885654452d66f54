import * as z from 'zod/v4/core';
import { PyDate } from '../ansible/values/date-time.ts';
import { keyText } from '../ansible/values/key-text.ts';
import { UnsafeText } from '../ansible/values/unsafe-text.ts';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { Dict } from '../jinja/values/dict.ts';
import { Float } from '../jinja/values/float.ts';
import type { Value } from '../jinja/values/value.ts';
import { pathText, placeAt, type YamlSource } from './yaml-source.ts';

type Path = readonly PropertyKey[];
type Plain = { [key: string]: unknown };

/** A schema of files reads a few; to compile it, which zod otherwise does, takes longer than all of them. */
const ONCE = { jitless: true };

/**
 * Checks a YAML file against a schema. Every unknown key and every wrong value is a diagnostic at its key; the value
 * is what the file says without them, or undefined where what is left is not enough.
 */
export function checkSchema<S extends z.$ZodType>(
  schema: S,
  source: YamlSource,
): Outcome<z.output<S> | undefined> {
  const diagnostics: Diagnostic[] = [];
  if (source.value !== null && !(source.value instanceof Dict)) {
    const place = placeAt(source, []);
    const message = `the file must hold a mapping, not ${kindOf(source.value)}`;
    return { value: undefined, diagnostics: [diagnose('load/not-a-mapping', { place, message })] };
  }
  diagnostics.push(...namesOfNothing(source));
  const plain = toPlain(source.value ?? new Dict(), new Map()) as Plain;
  const result = z.safeParse(schema, plain, ONCE);
  if (result.success) return { value: result.data, diagnostics };
  for (const issue of result.error.issues) diagnostics.push(...describe(issue, schema, source));
  for (const issue of result.error.issues) dropWrong(plain, issue);
  const rest = z.safeParse(schema, plain, ONCE);
  if (rest.success) return { value: rest.data, diagnostics };
  if (!(schema instanceof z.$ZodRecord)) return { value: undefined, diagnostics };
  // Entries stand for themselves: one of which too little is left goes alone.
  for (const { path } of rest.error.issues) delete plain[String(path[0])];
  const others = z.safeParse(schema, plain, ONCE);
  return { value: others.success ? others.data : undefined, diagnostics };
}

/** Schemas pass over a key of this name, for it is none of JavaScript's. */
const NO_NAME = '__proto__';

/** The keys that no schema can see: each is an error, and the rest of the file counts without it. */
function namesOfNothing(source: YamlSource): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<Value>([source.value]);
  // A Set walks what is added on the way.
  for (const value of seen) {
    if (Array.isArray(value)) for (const item of value) seen.add(item);
    if (!(value instanceof Dict)) continue;
    for (const [key, item] of value) {
      seen.add(item);
      if (keyText(key) !== NO_NAME) continue;
      const place = source.places.of(value, key) ?? placeAt(source, []);
      const message = `\`${NO_NAME}\` cannot be a name`;
      diagnostics.push(diagnose('load/unknown-key', { place, message, hint: 'give it another name' }));
    }
  }
  return diagnostics;
}

/** Python's values as the plain ones that schemas are written for; what occurs twice is converted once. */
function toPlain(value: Value, known: Map<Value, unknown>): unknown {
  if (value instanceof Float) return value.value;
  if (value instanceof PyDate) return value.isoformat();
  if (value instanceof UnsafeText) return value.text;
  if (!Array.isArray(value) && !(value instanceof Dict)) return value;
  if (known.has(value)) return known.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    for (const item of value) list.push(toPlain(item, known));
    return list;
  }
  const mapping: Plain = Object.create(null);
  known.set(value, mapping);
  for (const [key, item] of value) if (keyText(key) !== NO_NAME) mapping[keyText(key)] = toPlain(item, known);
  return mapping;
}

function describe(issue: z.$ZodIssue, schema: z.$ZodType, source: YamlSource): Diagnostic[] {
  const { path } = issue;
  const place = placeAt(source, path);
  const name = `\`${pathText(path)}\``;
  const wrong = (message: string, hint?: string): Diagnostic[] => [
    diagnose('load/wrong-type', {
      place,
      message: `${name} ${message}`,
      ...(hint !== undefined && { hint }),
    }),
  ];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => {
        const inside = path.length === 0 ? '' : ` in ${name}`;
        const hint = didYouMean(key, known) ?? `known here: ${known.join(', ')}`;
        const message = `unknown key \`${key}\`${inside}`;
        return diagnose('load/unknown-key', { place: placeAt(source, [...path, key]), message, hint });
      });
    }
    case 'invalid_type': {
      const actual = valueAt(source.value, path);
      if (actual === undefined) {
        return [diagnose('load/missing-key', { place, message: `${name} is missing` })];
      }
      const quote = issue.expected === 'string' && isScalar(actual);
      return wrong(
        `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(actual)}`,
        quote ? 'put the value in quotes' : undefined,
      );
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      return wrong(
        `must be one of ${values.join(', ')}`,
        didYouMean(String(valueAt(source.value, path)), values),
      );
    }
    case 'too_small':
      if (issue.origin === 'array') return wrong(`must hold at least ${issue.minimum}`);
      return wrong(`must be at least ${issue.minimum}`);
    case 'too_big':
      return wrong(`must be at most ${issue.maximum}`);
    case 'invalid_key':
      return wrong(`must be ${issue.issues[0]?.message ?? 'a name'}`);
    default:
      return wrong(`must be ${issue.message}`);
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What a value is, in the words of someone who writes YAML. */
function kindOf(value: Value): string {
  if (value === null) return 'empty';
  if (value instanceof Dict) return 'a mapping';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return `the truth value ${value}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (value instanceof Float) return `the number ${value.value}`;
  return `a ${(value as { typeName?: string }).typeName ?? 'value'}`;
}

function isScalar(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || value instanceof Float;
}

/** The value at a path, or undefined where there is none. */
function valueAt(value: Value, path: Path): Value | undefined {
  let at: Value | undefined = value;
  for (const step of path) {
    if (at instanceof Dict) at = at.get(step as string);
    else if (Array.isArray(at)) at = at[Number(step)];
    else return undefined;
  }
  return at;
}

/** The keys that a schema takes at a path. */
function keysAt(schema: z.$ZodType, path: Path): string[] {
  const inner = unwrap(schema);
  if (path.length === 0) return inner instanceof z.$ZodObject ? Object.keys(inner._zod.def.shape).sort() : [];
  const [step, ...rest] = path;
  if (inner instanceof z.$ZodObject) {
    const property = (inner._zod.def.shape as Record<string, z.$ZodType>)[String(step)];
    return property ? keysAt(property, rest) : [];
  }
  if (inner instanceof z.$ZodArray) return keysAt(inner._zod.def.element, rest);
  return inner instanceof z.$ZodRecord ? keysAt(inner._zod.def.valueType, rest) : [];
}

function unwrap(schema: z.$ZodType): z.$ZodType {
  if (schema instanceof z.$ZodOptional || schema instanceof z.$ZodDefault)
    return unwrap(schema._zod.def.innerType);
  return schema;
}

// Removes the nearest key around what is wrong: an item of a list may not go alone, it would move the others.
function dropWrong(plain: Plain, issue: z.$ZodIssue): void {
  if (issue.code === 'unrecognized_keys') {
    const mapping = plainAt(plain, issue.path);
    for (const key of issue.keys) if (isPlain(mapping)) delete mapping[key];
    return;
  }
  const path = [...issue.path];
  while (typeof path.at(-1) === 'number') path.pop();
  const key = path.pop();
  const mapping = plainAt(plain, path);
  if (key !== undefined && isPlain(mapping)) delete mapping[String(key)];
}

function plainAt(value: unknown, path: Path): unknown {
  return path.reduce((at, step) => (at as Plain | undefined)?.[String(step)], value);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
