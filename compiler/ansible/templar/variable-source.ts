import { fromJson, type Value } from '../../jinja/jinja.ts';

/** Variables as they were written: their values may hold templates. Each look-up of a templar goes through it. */
export interface VariableSource {
  get(name: string): Value | undefined;
  keys(): Iterable<Value>;
}

/** Variables of an object that looks them up, or of plain JSON. */
export function toSource(given: VariableSource | { readonly [name: string]: unknown }): VariableSource {
  if (typeof given.get === 'function' && typeof given.keys === 'function') return given as VariableSource;
  const record = given as { readonly [name: string]: unknown };
  return {
    get: (name) => (Object.hasOwn(record, name) ? fromJson(record[name]) : undefined),
    keys: () => Object.keys(record),
  };
}

/** Some variables before all others. */
export function layered(first: ReadonlyMap<Value, Value>, rest: VariableSource): VariableSource {
  return {
    get: (name) => first.get(name) ?? rest.get(name),
    keys: () => new Set([...first.keys(), ...rest.keys()]),
  };
}
