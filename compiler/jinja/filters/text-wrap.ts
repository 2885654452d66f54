import { valueError } from '../errors.ts';
import { steps } from '../limits.ts';
import { lengthOf, SPACE, sliceText } from '../values/text.ts';

export interface WrapOptions {
  readonly width: number;
  /** Cut words that are longer than a line. */
  readonly breakLong: boolean;
  /** Break lines after hyphens. */
  readonly onHyphens: boolean;
}

const WS = '[\\t\\n\\x0b\\x0c\\r ]';
const NWS = '[^\\t\\n\\x0b\\x0c\\r ]';
const WORD = '[\\p{L}\\p{N}_]';
const PUNCTUATED = '[\\p{L}\\p{N}_!"\'&.,?]';
const LETTER = '[\\p{L}_\\p{Nl}\\p{No}]';
const CHUNK = new RegExp(
  `(${WS}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|${NWS}+?(?:` +
    `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})` +
    `|(?=${WS}|$(?![\\s\\S]))|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  'u',
);
const SIMPLE_CHUNK = new RegExp(`(${WS}+)`, 'u');
const BLANK = new RegExp(`^[${SPACE}]*$`);

/** Python's textwrap.wrap with expand_tabs and replace_whitespace off: a text as lines of at most `width` columns. */
export function wrapText(text: string, options: WrapOptions): string[] {
  const chunks = text.split(options.onHyphens ? CHUNK : SIMPLE_CHUNK).filter((chunk) => chunk !== '');
  if (options.width <= 0) throw valueError(`invalid width ${options.width} (must be > 0)`);
  steps(chunks.length);
  const waiting = chunks.reverse();
  const lines: string[] = [];
  while (waiting.length > 0) {
    if (lines.length > 0 && BLANK.test(waiting.at(-1)!)) waiting.pop();
    const line = takeLine(waiting, options);
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** Takes the chunks of one line; `waiting` has the next chunk last. */
function takeLine(waiting: string[], options: WrapOptions): string[] {
  const line: string[] = [];
  let length = 0;
  while (waiting.length > 0) {
    const next = lengthOf(waiting.at(-1)!);
    if (length + next > options.width) break;
    line.push(waiting.pop()!);
    length += next;
  }
  const next = waiting.at(-1);
  if (next !== undefined && lengthOf(next) > options.width)
    placeLongWord(waiting, line, options.width - length, options);
  if (line.length > 0 && BLANK.test(line.at(-1)!)) line.pop();
  return line;
}

function placeLongWord(waiting: string[], line: string[], space: number, options: WrapOptions): void {
  if (!options.breakLong) {
    if (line.length === 0) line.push(waiting.pop()!);
    return;
  }
  const chunk = waiting.at(-1)!;
  let end = space;
  if (options.onHyphens && lengthOf(chunk) > space) {
    const hyphen = sliceText(chunk, 0, space).lastIndexOf('-');
    if (hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen))) end = lengthOf(chunk.slice(0, hyphen)) + 1;
  }
  steps(chunk.length >> 4);
  line.push(sliceText(chunk, 0, end));
  waiting[waiting.length - 1] = sliceText(chunk, end);
}
