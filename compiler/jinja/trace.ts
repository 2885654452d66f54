import type { TemplatePlace } from './errors.ts';
import type { Value } from './values/value.ts';

/** A part of a traced text: everything from `offset` up to the next piece was written at one place of a template. */
export interface Piece extends TemplatePlace {
  /** Into the text, in UTF-16 code units. */
  readonly offset: number;
  /** Text of the template itself, copied: what stands n characters further on was written n characters further on. */
  readonly copied: boolean;
  /** The index of the piece whose output this one is a part of: the call of a macro, say. */
  readonly within: number | undefined;
  /** The number of the work that wrote it, where somebody was told of works. */
  readonly work: number | undefined;
}

/** What a template made, and which place of which template wrote what. */
export interface TracedText {
  readonly text: string;
  /** By offset; places inside includes, macros and blocks are the innermost. */
  readonly pieces: readonly Piece[];
}

// Private use, and never in what is kept: readTrace takes the marks out again.
const START = '\u{F1CE0}';
const END = '\u{F1CE1}';

/** The mark that a traced template writes before the output of a place, and behind it CLOSE where it is not copied. */
export function traceMark({
  template,
  line,
  column,
  copied,
}: Omit<Piece, 'offset' | 'within' | 'work'>): string {
  return START + JSON.stringify([template ?? null, line, column, copied]) + END;
}

/** A mark with the number of a work in it. */
export function numberedMark(mark: string, work: number | undefined): string {
  return work === undefined ? mark : mark.slice(0, -END.length) + work + END;
}

/** The mark behind the output of a place, in which there may be those of others. */
export const CLOSE = '\u{F1CE2}';

const MARK = /\u{F1CE0}(\[(?:null|"(?:[^"\\]|\\.)*"),\d+,\d+,(?:true|false)\])(\d*)\u{F1CE1}|\u{F1CE2}/gu;

/** A value without marks, for what looks at the text itself: a filter, a `set` block. */
export function withoutMarks(value: Value): Value {
  return typeof value === 'string' && (value.includes(START) || value.includes(CLOSE))
    ? value.replace(MARK, '')
    : value;
}

/**
 * Takes the marks out of what a traced environment rendered. A text with marks that was looked at in other ways than by a
 * filter (the result of a macro, compared) may be another: who needs the exact text compares it with that of a plain render.
 */
export function readTrace(marked: string): TracedText {
  const pieces: Piece[] = [];
  const open: number[] = [];
  let text = '';
  let at = 0;
  for (const match of marked.matchAll(MARK)) {
    text += marked.slice(at, match.index);
    at = match.index + match[0].length;
    if (match[0] === CLOSE) {
      open.pop();
      continue;
    }
    const [template, line, column, copied] = JSON.parse(match[1]!) as [
      string | null,
      number,
      number,
      boolean,
    ];
    const place = { template: template ?? undefined, line, column };
    const work = match[2] ? Number(match[2]) : undefined;
    const index = pieces.push({ offset: text.length, ...place, copied, within: open.at(-1), work }) - 1;
    if (!copied) open.push(index);
  }
  return { text: text + marked.slice(at), pieces };
}

/** The place of a template that wrote the character at an offset of a traced text. */
export function placeOfOffset({ text, pieces }: TracedText, offset: number): TemplatePlace | undefined {
  const piece = pieces.findLast((one) => one.offset <= offset);
  if (!piece) return undefined;
  const { template, line, column } = piece;
  if (!piece.copied) return { template, line, column };
  const before = text.slice(piece.offset, offset).split('\n');
  const last = before.at(-1)!.length;
  return before.length === 1
    ? { template, line, column: column + last }
    : { template, line: line + before.length - 1, column: last + 1 };
}
