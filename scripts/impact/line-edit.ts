import { roleOf } from '../../compiler/1-load/layout.ts';
import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import type { Random } from '../conformance/random.ts';
import { alteredValue, freshWord, oddWord } from './altered-value.ts';
import { pickedKey, pickedValue } from './picked-value.ts';

/**
 * `value` alters a value, `tags` one on a line of a template with a tag or a comment; `picks` puts one there that stands
 * elsewhere; `odd` makes a date or the like of it, or what is undefined; the next ones are edits with names that nobody
 * uses; `known` writes what stands elsewhere.
 */
export const KINDS = [
  'value',
  'tags',
  'picks',
  'odd',
  'delete',
  'comment',
  'insert',
  'rename',
  'indent',
  'known',
] as const;
export type EditKind = (typeof KINDS)[number];

/** An edit of one line. */
export interface LineEdit {
  readonly kind: EditKind;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands there afterwards: no line, one, or the old one and another. */
  readonly after: readonly string[];
}

/** A random edit of a random line, a value only where it has one; `tags` come of `value`, on such lines. */
export function randomEdit(files: SourceFiles, random: Random, kind: Exclude<EditKind, 'tags'>): LineEdit {
  for (;;) {
    const paths = [...files.keys()].filter((path) => !['ignored', 'notes'].includes(roleOf(path).is)).sort();
    // A file as often as it has lines.
    const lines = paths.map((path) => linesOf(files, path).length);
    let at = random.below(lines.reduce((sum, count) => sum + count, 0));
    let index = 0;
    while (at >= lines[index]!) at -= lines[index++]!;
    const file = paths[index]!;
    const text = linesOf(files, file)[at]!;
    const after = editOf(text, { kind, file, random, files, others: linesOf(files, file) });
    if (!after || (after.length === 1 && after[0] === text)) continue;
    const hasTag = roleOf(file).is === 'template' && /\{[%#]|[%#]\}/.test(text);
    return { kind: kind === 'value' && hasTag ? 'tags' : kind, file, line: at + 1, after };
  }
}

/** The files with the edit done. */
export function withEdit(files: SourceFiles, { file, line, after }: LineEdit): SourceFiles {
  const lines = new TextDecoder().decode(files.get(file)).split('\n');
  const text = lines.toSpliced(line - 1, 1, ...after).join('\n');
  return new Map([...files, [file, new TextEncoder().encode(text)]]);
}

function linesOf(files: SourceFiles, path: string): string[] {
  return new TextDecoder().decode(files.get(path)).replace(/\n$/, '').split('\n');
}

interface Around {
  readonly kind: Exclude<EditKind, 'tags'>;
  readonly file: string;
  readonly random: Random;
  readonly files: SourceFiles;
  readonly others: readonly string[];
}

function editOf(text: string, around: Around): string[] | undefined {
  const { kind, file, random, others } = around;
  const indent = /^ */.exec(text)![0];
  const one = (line: string | undefined) => (line === undefined ? undefined : [line]);
  switch (kind) {
    case 'value':
      return one(alteredValue(text, { file, random, other: (word) => freshWord(word, random) }));
    case 'picks':
      return one(pickedValue(text, around));
    case 'odd':
      return one(alteredValue(text, { file, random, other: () => oddWord(random) }));
    case 'delete':
      return [];
    case 'comment':
      return [random.oneIn(2) ? `#${text}` : `${indent}# ${text.trimStart()}`];
    case 'insert':
      return [text, insertedLine(text, random)];
    case 'rename':
      return one(replaceWord(text, /^[\s-]*\S+?(?==|:|$|\s)/, random));
    case 'indent':
      return [
        random.oneIn(2)
          ? ' '.repeat(1 + random.below(4)) + text
          : text.slice(Math.min(indent.length, 1 + random.below(4))),
      ];
    case 'known':
      return random.oneIn(2) ? [text, random.pick(others)] : one(pickedKey(text, around));
  }
}

function insertedLine(text: string, random: Random): string {
  const indent = /^ */.exec(text)![0];
  const spaces = random.pick([indent, indent, `${indent}  `, indent.slice(2)]);
  return random.pick([
    `${spaces}new_name_${random.below(9)}: ${random.below(100)}`,
    `${spaces}- new-item`,
    `${spaces}new words`,
    `${spaces}new-${random.below(9)}=1`,
    `${spaces}new_name_${random.below(9)}: ${random.below(100)},`,
    `${spaces}${random.pick(['', ', '])}new-item${random.pick(['', ','])}`,
    `${spaces}# new comment`,
    text.replace(/[A-Za-z_][\w.-]*/, (word) => `new_${word}`),
    '',
  ]);
}

function replaceWord(text: string, where: RegExp, random: Random): string | undefined {
  const found = where.exec(text)?.[0];
  const word = found && /[\w.-]+$/.exec(found)?.[0];
  if (!word) return undefined;
  const at = found.length - word.length;
  return text.slice(0, at) + random.pick([`${word}x`, `new_${word}`]) + text.slice(at + word.length);
}
