/** A text in double quotes, as git reads one in its configuration, among alternates, and in what fast-import is told. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
