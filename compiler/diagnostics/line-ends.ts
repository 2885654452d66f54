/** What ends a line wherever a Place counts lines: `\n`, `\r\n`, and `\r` alone, as Jinja, YAML and editors do. */
export const LINE_END = /\r\n|\n|\r/;

/** The lines of a text, without their ends; one more than there are ends. */
export function linesOf(text: string): string[] {
  return text.split(LINE_END);
}
