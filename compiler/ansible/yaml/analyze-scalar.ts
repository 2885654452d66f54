/** What styles a text may be written in: libyaml 0.2.5's analysis. */
export interface ScalarAnalysis {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
}

const EMPTY: ScalarAnalysis = {
  multiline: false,
  flowPlain: false,
  blockPlain: true,
  singleQuoted: true,
  block: false,
};
const FIRST_INDICATORS = new Set('#,[]{}&*!|>\'"%@`');
const FLOW_INDICATORS = new Set(',?[]{}');

/** @param chars the text's characters. */
export function analyzeScalar(chars: readonly string[]): ScalarAnalysis {
  if (chars.length === 0) return EMPTY;
  const start = chars.slice(0, 3).join('');
  const mark = start === '---' || start === '...';
  let [flowIndicators, blockIndicators] = [mark, mark];
  let [breakSpace, spaceBreak, lineBreaks, special] = [false, false, false, false];
  let before = ' ';
  for (const [index, char] of chars.entries()) {
    const followed = isSpaceOrEnd(chars[index + 1]);
    if (index === 0) {
      if (FIRST_INDICATORS.has(char)) flowIndicators = blockIndicators = true;
      else if (char === '?' || char === ':') {
        flowIndicators = true;
        blockIndicators ||= followed;
      } else if (char === '-' && followed) flowIndicators = blockIndicators = true;
    } else if (FLOW_INDICATORS.has(char)) flowIndicators = true;
    else if (char === ':') {
      flowIndicators = true;
      blockIndicators ||= followed;
    } else if (char === '#' && isSpaceOrEnd(before)) flowIndicators = blockIndicators = true;
    if (!isPrintable(char)) special = true;
    if (isBreakChar(char)) {
      lineBreaks = true;
      if (index > 0 && before === ' ') spaceBreak = true;
    } else if (char === ' ' && isBreakChar(before)) breakSpace = true;
    before = char;
  }
  const [first, last] = [chars[0]!, chars.at(-1)!];
  const padded = first === ' ' || isBreakChar(first) || last === ' ' || isBreakChar(last);
  const plain = !padded && !breakSpace && !spaceBreak && !special && !lineBreaks;
  return {
    multiline: lineBreaks,
    flowPlain: plain && !flowIndicators,
    blockPlain: plain && !blockIndicators,
    singleQuoted: !breakSpace && !spaceBreak && !special,
    block: last !== ' ' && !spaceBreak && !special,
  };
}

export function isBreakChar(char: string): boolean {
  return char === '\n' || char === '\r' || char === '\x85' || char === '\u2028' || char === '\u2029';
}

function isSpaceOrEnd(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\t' || char === '\0' || isBreakChar(char);
}

/** What libyaml writes as it is: not tabs, and nothing beyond U+FFFD. */
export function isPrintable(char: string): boolean {
  const code = char.codePointAt(0)!;
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code < 0xd800) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}
