import type { FileExplanation } from './explain-file.ts';
import { shortText } from './value-text.ts';
import { placeText, stepLines, unsetLines } from './variable-text.ts';

/** The explanation of a file, or of a line of it, for a person. */
export function fileText({ host, path, template, line, variables, unset, texts }: FileExplanation): string {
  const lines = [`${shortText(path)}${line ? `:${line.number}` : ''} on ${host}, of ${template}`, ''];
  if (line) {
    const told = line.writers.length > 0;
    const untold =
      line.text === ''
        ? 'an empty line that cannot be told apart; the file was made'
        : 'written by a line that cannot be told apart: the template looks at the text of a macro';
    lines.push(`      ${shortText(line.text)}`, told ? 'written by:' : untold);
    for (const { place, line: text, via } of line.writers) {
      lines.push(`  ${placeText(place)}`, `      ${shortText(text)}`);
      for (const caller of via)
        lines.push(`    from ${placeText(caller.place)}`, `      ${shortText(caller.line)}`);
    }
  }
  if (texts.length > 0) lines.push(`of the text of: ${texts.map(shortText).join(', ')}`);
  if (variables.length > 0) lines.push('with:', ...stepLines(variables, 1));
  lines.push(...unsetLines(unset));
  return `${lines.join('\n')}\n`;
}
