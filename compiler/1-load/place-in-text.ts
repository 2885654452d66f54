import type { Place } from '../contract/diagnostic.ts';
import { linesOf } from '../diagnostics/line-ends.ts';

/** A text in a YAML file. */
export interface TextInYaml {
  /** All lines of the file. */
  readonly lines: readonly string[];
  /** The place of its key, or of the item of a list. */
  readonly key: Place;
  /** Ends with that key, or with the index of that item. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What may stand between a key and its text, but for white space. */
const BEFORE_TEXT = /^["']?:?(?:[|>][-+\d]*)?["']?$/;
const LONGEST_BEFORE = 16;

/**
 * The place in its file of a line and column of a text that a YAML file holds; undefined where the file writes it in
 * other characters (escapes, an alias). White space does not count: YAML folds lines and takes off their indentation.
 */
export function placeInText(
  { lines, key, path, text }: TextInYaml,
  at: { readonly line: number; readonly column: number } | undefined,
): Place | undefined {
  const needle = compact(text);
  if (!at || needle === '') return undefined;
  const name = path.at(-1);
  const quotes = /["']/.test(lines[key.line - 1]?.charAt(key.column - 1) ?? '') ? 2 : 0;
  const start = key.column + (typeof name === 'string' ? name.length + quotes : 0);
  // Only so much of the file is looked at as the text and what may stand before it can take.
  const characters = visible(lines, { line: key.line, column: start }, needle.length + LONGEST_BEFORE);
  const found = characters
    .map(({ char }) => char)
    .join('')
    .indexOf(needle);
  const before = characters.slice(0, Math.max(found, 0)).map(({ char }) => char);
  if (found < 0 || !BEFORE_TEXT.test(before.join(''))) return undefined;
  const textLines = linesOf(text).slice(0, at.line);
  const wanted = compact(
    [...textLines.slice(0, -1), textLines.at(-1)!.slice(0, at.column - 1)].join(''),
  ).length;
  const last = characters[found + needle.length - 1]!;
  // Where the text breaks off, the place is behind its last character.
  const { line, column } =
    wanted < needle.length ? characters[found + wanted]! : { ...last, column: last.column + 1 };
  return { file: key.file, line, column };
}

interface Character {
  readonly char: string;
  readonly line: number;
  readonly column: number;
}

/** The first characters from a place on that are no white space. */
function visible(
  lines: readonly string[],
  from: { readonly line: number; readonly column: number },
  most: number,
): Character[] {
  const found: Character[] = [];
  for (let line = from.line; line <= lines.length && found.length < most; line++) {
    const text = lines[line - 1]!;
    for (let at = line === from.line ? from.column - 1 : 0; at < text.length && found.length < most; at++) {
      const char = text.charAt(at);
      if (/\S/.test(char)) found.push({ char, line, column: at + 1 });
    }
  }
  return found;
}

function compact(text: string): string {
  return text.replace(/\s+/g, '');
}
