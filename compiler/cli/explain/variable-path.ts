import { Dict, type Value } from '../../jinja/jinja.ts';

/** A variable, or a part of it. */
export interface VariablePath {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** Reads `ports.datanode.http`, `hdfs_dn_dirs[0]`, `hadoop_loggers['org.apache']`; undefined where it is none. */
export function parseVariablePath(text: string): VariablePath | undefined {
  const match = /^([\p{L}_][\p{L}\p{N}_]*)((?:\.[^.[\]]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*)$/u.exec(text);
  if (!match) return undefined;
  const steps = match[2]!.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g);
  const path = Array.from(steps, ([, key, index, single, double]) =>
    index === undefined ? (key ?? single ?? double)! : Number(index),
  );
  return { name: match[1]!, path };
}

/** The text of a path, which parseVariablePath reads where no key has both kinds of quotes. */
export function pathText({ name, path }: { readonly name: string; readonly path: readonly Value[] }): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'string' && /^[\p{L}\p{N}_-]+$/u.test(key)) return `${text}.${key}`;
    if (typeof key !== 'string') return `${text}[${String(key)}]`;
    return key.includes("'") ? `${text}["${key}"]` : `${text}['${key}']`;
  }, name);
}

/** The part of a value at a path, and the keys that lead there: a number finds a key of digits too. Undefined where there is none. */
export function partOf(
  value: Value,
  path: VariablePath['path'],
): { readonly value: Value; readonly keys: readonly Value[] } | undefined {
  let at: Value | undefined = value;
  const keys: Value[] = [];
  for (const text of path) {
    const key = at instanceof Dict ? keyIn(at, text) : Number(text);
    if (at instanceof Dict) at = at.get(key);
    else if (Array.isArray(at)) at = at[Number(key)];
    else return undefined;
    if (at === undefined) return undefined;
    keys.push(key);
  }
  return { value: at, keys };
}

function keyIn(mapping: Dict, key: string | number): Value {
  if (mapping.has(key)) return key;
  return typeof key === 'number' ? String(key) : /^\d+$/.test(key) ? Number(key) : key;
}
