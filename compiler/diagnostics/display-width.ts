const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]/u;
const CONTROL = /^[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/u;

/** The columns of a terminal that tabs stop at. */
const TAB = 4;

/** A line as a terminal may show it, and the column at which each of its UTF-16 code units begins. */
export interface DisplayedLine {
  readonly text: string;
  /** One entry a code unit and one for the end, in columns from 0. */
  readonly columns: readonly number[];
}

/**
 * A line of a file made fit for a terminal: tabs become spaces up to the next stop, control characters (which could move
 * the cursor or forge output) become visible signs, wide characters count two columns and combining ones none.
 */
export function displayLine(line: string): DisplayedLine {
  let text = '';
  let column = 0;
  const columns: number[] = [];
  for (const character of line) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column);
    if (character === '\t') {
      const width = TAB - (column % TAB);
      text += ' '.repeat(width);
      column += width;
    } else {
      text += visible(character);
      column += width(character);
    }
  }
  columns.push(column);
  return { text, columns };
}

/** A text of one line for a terminal, with control characters made visible. */
export function displayText(text: string): string {
  let result = '';
  for (const character of text) result += visible(character);
  return result;
}

function visible(character: string): string {
  if (!CONTROL.test(character) && !isInvisible(character)) return character;
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

// Bidirectional controls turn the text around them: what is shown is then not what the file says.
function isInvisible(character: string): boolean {
  return /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(character);
}

function width(character: string): number {
  if (CONTROL.test(character) || isInvisible(character)) return 1;
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
