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

/** The part of a value at a path; undefined where there is none. A number finds a key of digits too. */
export function partOf(value: Value, path: readonly (string | number)[]): Value | undefined {
  let at: Value | undefined = value;
  for (const key of path) {
    if (at instanceof Dict) at = at.get(key) ?? at.get(typeof key === 'string' ? Number(key) : String(key));
    else if (Array.isArray(at)) at = at[Number(key)];
    else return undefined;
  }
  return at;
}
