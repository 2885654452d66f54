/**
 * The words of a command line, as systemd and supervisord split one: white space parts words, single and double quotes
 * hold one together, a backslash takes the next character as it is (within double quotes only `"` and `\`). Nothing is
 * expanded, and no shell reads it. Undefined for no word at all, a quote without its end, a backslash before nothing.
 */
export function splitCommand(line: string): string[] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const word = WORD.exec(rest);
    if (!word) return undefined;
    words.push(
      word[0].replace(PIECE, (_, single, double, escaped, plain) => {
        if (double !== undefined) return (double as string).replace(/\\(["\\])/g, '$1');
        return single ?? escaped ?? plain;
      }),
    );
    const behind = rest.slice(word[0].length);
    if (behind !== '' && !/^\s/.test(behind)) return undefined;
    rest = behind.trimStart();
  }
  return words.length > 0 && words[0] !== '' ? words : undefined;
}

const PIECES = `'([^']*)'|"((?:[^"\\\\]|\\\\[^])*)"|\\\\([^])|([^\\s'"\\\\]+)`;
const PIECE = new RegExp(PIECES, 'g');
const WORD = new RegExp(`^(?:${PIECES})+`);
