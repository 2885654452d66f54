import type { FormatProblem } from './problem.ts';

/** The first reason why a text is no JSON document, or undefined. */
export function checkJson(text: string): FormatProblem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = (error as SyntaxError).message;
    const at = /\(line (\d+) column (\d+)\)/.exec(message);
    const said = message.replace(/ in JSON at position.*$/, '').replace(/, \.\.\..*$|, ".*$/, '');
    if (at) return { line: Number(at[1]), column: Number(at[2]), message: said };
    const lines = text.split('\n');
    return { line: lines.length, column: lines.at(-1)!.length + 1, message: said };
  }
}
