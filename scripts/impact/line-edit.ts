import { roleOf } from '../../compiler/1-load/layout.ts';
import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import type { Random } from '../conformance/random.ts';

/**
 * `value` alters a value; `odd` makes a date or the like of it; the next ones are edits with names that nobody uses;
 * `known` writes what stands elsewhere.
 */
export const KINDS = ['value', 'odd', 'delete', 'comment', 'insert', 'rename', 'indent', 'known'] as const;
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

/** A random edit of a random line, the kinds in turn; values in lines that have one. */
export function randomEdit(files: SourceFiles, random: Random, kind: EditKind): LineEdit {
  for (;;) {
    const paths = [...files.keys()].filter((path) => !['ignored', 'notes'].includes(roleOf(path).is)).sort();
    // A file as often as it has lines.
    const lines = paths.map((path) => linesOf(files, path).length);
    let at = random.below(lines.reduce((sum, count) => sum + count, 0));
    let index = 0;
    while (at >= lines[index]!) at -= lines[index++]!;
    const file = paths[index]!;
    const text = linesOf(files, file)[at]!;
    const after = editOf(text, { kind, file, random, others: linesOf(files, file) });
    if (after && (after.length !== 1 || after[0] !== text)) return { kind, file, line: at + 1, after };
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
  readonly kind: EditKind;
  readonly file: string;
  readonly random: Random;
  readonly others: readonly string[];
}

function editOf(text: string, { kind, file, random, others }: Around): string[] | undefined {
  const indent = /^ */.exec(text)![0];
  switch (kind) {
    case 'value':
      return alteredValue(text, { file, random, other: otherWord });
    case 'odd':
      return alteredValue(text, { file, random, other: oddWord });
    case 'delete':
      return [];
    case 'comment':
      return [random.oneIn(2) ? `#${text}` : `${indent}# ${text.trimStart()}`];
    case 'insert':
      return [text, insertedLine(text, random)];
    case 'rename':
      return replaceWord(text, /^[\s-]*\S+?(?==|:|$|\s)/, random);
    case 'indent':
      return [
        random.oneIn(2)
          ? ' '.repeat(1 + random.below(4)) + text
          : text.slice(Math.min(indent.length, 1 + random.below(4))),
      ];
    case 'known':
      return [text, random.pick(others)];
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
    `${spaces}# new comment`,
    text.replace(/[A-Za-z_][\w.-]*/, (word) => `new_${word}`),
    '',
  ]);
}

/** Another value where the line has one: a number, a word or what is in quotes. */
function alteredValue(
  text: string,
  { file, random, other }: Pick<Around, 'file' | 'random'> & { readonly other: typeof otherWord },
): string[] | undefined {
  const start = valueStart(text, file);
  if (start === undefined || /^\s*(?:[#;[]|$)/.test(text) || /\{[%#]|[%#]\}/.test(text)) return undefined;
  const words = [...text.slice(start).matchAll(/\d+|[A-Za-z][\w-]*/g)].filter(({ 0: word, index }) => {
    const isKey = /^["']?:(?:\s|$)/.test(text.slice(start + index + word.length));
    return !isKey && !OPERATORS.has(word);
  });
  if (words.length === 0) return undefined;
  const { 0: word, index } = random.pick(words);
  const at = start + index;
  return [text.slice(0, at) + other(word, random) + text.slice(at + word.length)];
}

/** Where the value of a line begins: behind its key; of a host of an inventory behind the first `=`. */
function valueStart(text: string, file: string): number | undefined {
  if (file.endsWith('.ini')) return text.includes('=') ? text.indexOf('=') + 1 : undefined;
  if (file.endsWith('.hosts.yml')) return /^\s*[\w-]+:\s+(?=\S)/.exec(text)?.[0].length;
  return /^[\s-]*(?:\S+?:(?:\s+|$)|[^\s={}"'<]+\s*=\s*|<value>)?/.exec(text)![0].length;
}

const OPERATORS = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is']);

function otherWord(word: string, random: Random): string {
  if (/^\d+$/.test(word)) return String(random.pick([Number(word) + 1, Number(word) * 2 + 3, 17, 0]));
  if (word === 'true') return 'false';
  if (word === 'false') return 'true';
  return word + random.pick(['x', '-2', '_b']);
}

function oddWord(_word: string, random: Random): string {
  return random.pick(['2020-01-01', '.nan', '.inf', '1e999']);
}

function replaceWord(text: string, where: RegExp, random: Random): string[] | undefined {
  const found = where.exec(text)?.[0];
  const word = found && /[\w.-]+$/.exec(found)?.[0];
  if (!word) return undefined;
  const at = found.length - word.length;
  return [text.slice(0, at) + random.pick([`${word}x`, `new_${word}`]) + text.slice(at + word.length)];
}
