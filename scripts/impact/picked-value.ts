import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import type { Random } from '../conformance/random.ts';
import { alteredValue, valueStart } from './altered-value.ts';

interface Picking {
  readonly file: string;
  /** The lines of the file. */
  readonly others: readonly string[];
  readonly files: SourceFiles;
  readonly random: Random;
}

/** The line with a value that stands elsewhere: a word of the file, a key of any file, or the whole value of another line. */
export function pickedValue(text: string, { file, others, files, random }: Picking): string | undefined {
  if (!file.startsWith('templates/') && random.oneIn(3)) return wholeValue(text, { file, others, random });
  const keys = keysOf(files);
  const words = others.flatMap((line) => line.match(/\d+|[A-Za-z][\w-]*/g) ?? []);
  return alteredValue(text, { file, random, other: () => random.pick(random.oneIn(3) ? keys : words) });
}

function wholeValue(text: string, { file, others, random }: Omit<Picking, 'files'>): string | undefined {
  const start = valueStart(text, file);
  const other = random.pick(others);
  const from = valueStart(other, file);
  if (start === undefined || from === undefined || /^\s*[#;]/.test(text)) return undefined;
  const value = other.slice(from);
  // Of several assignments none is the value of the line.
  if (file.endsWith('.ini') && /\s[\w-]+=/.test(`${text} ${value}`)) return undefined;
  // A date, a number without a text, a secret: an odd one.
  if (/^\s*(?:$|#|\d{4}-\d|[-+]?\.(?:nan|inf)|!)/i.test(value)) return undefined;
  // It may fail; a word that is altered in a template that is there may have it fail too.
  if (/\{[{%]/.test(value) && !/\{[{%]/.test(text)) return undefined;
  return text.slice(0, start) + value;
}

/** The line with a key in the place of its own that some file has. */
export function pickedKey(
  text: string,
  { files, random }: Pick<Picking, 'files' | 'random'>,
): string | undefined {
  const [before, key] = /^([\s-]*)([A-Za-z][\w-]*)(?=:\s|:$|=)/.exec(text)?.slice(1) ?? [];
  if (before === undefined || key === undefined) return undefined;
  return before + random.pick(keysOf(files)) + text.slice(before.length + key.length);
}

const known = new WeakMap<SourceFiles, readonly string[]>();

/** Every key of a mapping in the files, once. */
function keysOf(files: SourceFiles): readonly string[] {
  let keys = known.get(files);
  if (!keys) {
    const found = new Set<string>();
    for (const [path, bytes] of files) {
      if (!/\.(?:yml|ini)$/.test(path)) continue;
      const text = new TextDecoder().decode(bytes);
      for (const [, key] of text.matchAll(/(?:^|[{,]|- )[ ]*([A-Za-z][\w-]*)(?::(?=\s)|=)/gm))
        found.add(key!);
    }
    keys = [...found];
    known.set(files, keys);
  }
  return keys;
}
