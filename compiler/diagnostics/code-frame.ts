import type { Place } from '../contract/diagnostic.ts';
import { displayLine } from './display-width.ts';
import { withoutPrivateKeys } from './without-private-keys.ts';

/** Lines of context above and below. */
const CONTEXT = 1;
/** The code units of a line that are shown at most, around the place. */
const WINDOW = 120;

/** One line of a code frame: its number (none under the marked line), and what stands there. */
export interface FrameLine {
  readonly number: number | undefined;
  readonly text: string;
}

/**
 * The lines around a place of a text, given by its lines, with marks (`^^^`) under it: under one character where the
 * end is not known, to the line's end where it is on a later line. A place past the end of the text gives no lines.
 */
export function codeFrame(lines: readonly string[], place: Place): FrameLine[] {
  const marked = lines[place.line - 1];
  if (marked === undefined) return [];
  const from = windowStart(marked, place.column);
  const frame: FrameLine[] = [];
  const last = Math.min(place.line + CONTEXT, lines.length);
  for (let number = Math.max(1, place.line - CONTEXT); number <= last; number++) {
    const line = lines[number - 1]!;
    // The line feed at the end of a file ends its last line; it begins no other.
    if (number > place.line && number === lines.length && line === '') break;
    const shown = withoutPrivateKeys(line).slice(from, from + WINDOW);
    frame.push({ number, text: displayLine(shown).text.trimEnd() });
    if (number === place.line) frame.push({ number: undefined, text: marks(marked, place, from) });
  }
  return frame;
}

function windowStart(line: string, column: number): number {
  const from = line.length <= WINDOW ? 0 : Math.max(0, column - 1 - WINDOW / 2);
  const splitsPair = /[\udc00-\udfff]/.test(line.charAt(from));
  return splitsPair ? from + 1 : from;
}

function marks(line: string, place: Place, from: number): string {
  const { columns } = displayLine(line.slice(from, from + WINDOW));
  const at = (column: number): number => columns[Math.min(column - from, columns.length) - 1] ?? 0;
  const start = at(place.column);
  const end = endColumn(place);
  const stop = end === undefined ? (columns.find((column) => column > start) ?? start + 1) : at(end);
  return `${' '.repeat(start)}${'^'.repeat(Math.max(1, stop - start))}`;
}

// Infinity is the line's end.
function endColumn({ line, endLine, endColumn }: Place): number | undefined {
  return endLine !== undefined && endLine > line ? Number.POSITIVE_INFINITY : endColumn;
}
