/**
 * The `key=value` words of a term, quotes removed, and under `_raw_params` the words without `=`: Ansible's parse_kv.
 */
export function parseKeyValues(term: string): Map<string, string> {
  const fields = new Map<string, string>();
  const raw: string[] = [];
  for (const [word] of term.matchAll(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|["'])+/g)) {
    const at = word.search(/(?<!\\)=/);
    if (at > 0) fields.set(word.slice(0, at).trim(), unquoted(word.slice(at + 1).trim()));
    else raw.push(word.replace(/\\=/g, '='));
  }
  if (raw.length > 0) fields.set('_raw_params', raw.join(' '));
  return fields;
}

function unquoted(text: string): string {
  const quote = text[0];
  const quoted =
    text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) && text.at(-2) !== '\\';
  return quoted ? text.slice(1, -1) : text;
}
