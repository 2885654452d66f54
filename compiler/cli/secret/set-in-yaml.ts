import { isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { UsageError } from '../console.ts';

/** What goes where. */
interface Setting {
  /** Keys, the outermost first. */
  readonly path: readonly string[];
  readonly ciphertext: string;
}

/**
 * A YAML text with a `!secret` value at a path; every byte of other lines stays. What is missing of the path is added at
 * the end of the mapping that it belongs to. Throws a UsageError where the path leads through what is no block mapping.
 */
export function setInYaml(text: string, { path, ciphertext }: Setting): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', customTags: tolerated });
  let map = document.contents;
  let found = 0;
  let indent = 0;
  for (const key of path) {
    if (map === null || (isScalar(map) && map.value === null)) break;
    if (isSeq(map) && !map.flow && found + 1 < path.length) {
      map = (map.items[Number(key)] ?? null) as typeof map;
      if (map === null) throw new UsageError(`${path.slice(0, found + 1).join('.')} is no item of the list`);
      found += 1;
      continue;
    }
    if (!isMap(map) || map.flow) throw notBlock(path.slice(0, found));
    indent = columnOf(text, firstOffset(map));
    const pair = (map as YAMLMap).items.find(
      ({ key: name }) => isScalar(name) && String(name.value) === key,
    ) as Pair<Scalar, unknown> | undefined;
    if (!pair) {
      const lines = nested(path.slice(found), { indent, ciphertext });
      return insertAt(text, endOf(text, map as YAMLMap), { lines, newline });
    }
    found += 1;
    if (found === path.length) return replaceValue(text, pair, { indent, ciphertext, newline, path });
    map = pair.value as typeof map;
    indent += 2;
  }
  if (found > 0) {
    const lines = path.slice(0, found).join('.');
    throw new UsageError(`${lines} holds nothing yet; write its mapping first, with one key in it`);
  }
  const lines = nested(path, { indent: 0, ciphertext });
  return insertAt(text, text.length, { lines, newline });
}

/** Tags of Ansible mean nothing here: the text alone is wanted. */
const tolerated = ['!secret', '!vault', '!vault-encrypted', '!unsafe'].map((tag) => ({
  tag,
  resolve: (value: string) => value,
}));

function notBlock(path: readonly string[]): UsageError {
  const what = path.length === 0 ? 'the file' : path.join('.');
  return new UsageError(`${what} is no mapping with a key on each line; write it so, and try again`);
}

function firstOffset(map: YAMLMap): number {
  return (map.items[0]!.key as Scalar).range![0];
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Behind the last line of a mapping's last value. */
function endOf(text: string, map: YAMLMap): number {
  const { key, value } = map.items.at(-1) as Pair<Scalar, { range?: readonly number[] | null } | null>;
  const end = value?.range?.[1] ?? key.range![1];
  if (end > 0 && text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next < 0 ? text.length : next + 1;
}

/** The lines of a value below keys that are not there yet. */
function nested(
  keys: readonly string[],
  { indent, ciphertext }: { indent: number; ciphertext: string },
): string[] {
  const last = keys.length - 1;
  return keys.flatMap((key, level) => {
    const pad = ' '.repeat(indent + 2 * level);
    if (level < last) return [`${pad}${keyText(key)}:`];
    return [`${pad}${keyText(key)}: !secret |`, ...armorLines(ciphertext, indent + 2 * level + 2)];
  });
}

function keyText(key: string): string {
  const isPlain = /^[A-Za-z_][\w-]*$/.test(key) && !/^(?:yes|no|on|off|true|false|null)$/i.test(key);
  return isPlain ? key : JSON.stringify(key);
}

function armorLines(ciphertext: string, indent: number): string[] {
  return ciphertext
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(indent) + line);
}

function insertAt(
  text: string,
  at: number,
  { lines, newline }: { lines: readonly string[]; newline: string },
): string {
  const before = text.slice(0, at);
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return `${before}${gap}${lines.join(newline)}${newline}${text.slice(at)}`;
}

/** Keeps the line of the key but for its value, with a comment that stands behind it. */
function replaceValue(
  text: string,
  { key, value }: Pair<Scalar, unknown>,
  {
    indent,
    ciphertext,
    newline,
    path,
  }: { indent: number; ciphertext: string; newline: string; path: readonly string[] },
): string {
  const scalar = value as Scalar | null;
  if (scalar !== null && !isScalar(scalar))
    throw new UsageError(`${path.join('.')} holds a list or a mapping`);
  const colon = text.indexOf(':', key.range![1]);
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  };
  const block = scalar?.type === 'BLOCK_LITERAL' || scalar?.type === 'BLOCK_FOLDED';
  const end = scalar?.range?.[1] ?? colon + 1;
  // The comment of a block stands on the line of its key, that of any other value behind it.
  const comment = block
    ? (/[ \t]+#.*$/.exec(text.slice(colon, lineEnd(colon)).trimEnd())?.[0] ?? '')
    : text.slice(end, lineEnd(end)).trimEnd().replace(/^#/, ' #');
  const rest = block ? end : Math.min(text.length, lineEnd(end) + 1);
  const lines = [`: !secret |${comment}`, ...armorLines(ciphertext, indent + 2)];
  return `${text.slice(0, colon)}${lines.join(newline)}${newline}${text.slice(rest)}`;
}
