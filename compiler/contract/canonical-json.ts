type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The one text of a JSON value: keys sorted by code unit, two spaces of indent so that `git diff` reads well, a line
 * feed at the end. Keys whose value is undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sorted(value as Json), null, 2)}\n`;
}

/** Texts of entries, as they stand in a list of a record. */
const entries = new WeakMap<object, string>();

/**
 * canonicalJson of a record, whose keys are words, of lists, where objects in the lists stand in many records: each of
 * them is told once, and must not be changed.
 */
export function canonicalRecord(record: { readonly [key: string]: unknown }): string {
  const lines = Object.keys(record)
    .sort()
    .flatMap((key) => {
      const value = record[key];
      if (value === undefined) return [];
      const text =
        Array.isArray(value) && value.length > 0
          ? `[\n    ${value.map(entryText).join(',\n    ')}\n  ]`
          : indented(value, '  ');
      return [`  ${JSON.stringify(key)}: ${text}`];
    });
  return lines.length === 0 ? canonicalJson(record) : `{\n${lines.join(',\n')}\n}\n`;
}

function entryText(entry: unknown): string {
  if (entry === null || typeof entry !== 'object') return indented(entry, '    ');
  let text = entries.get(entry);
  if (text === undefined) {
    text = indented(entry, '    ');
    entries.set(entry, text);
  }
  return text;
}

/** As `JSON.stringify` writes what `sorted` gives, with lines below the first indented so. */
function indented(value: unknown, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  let lines = '';
  if (Array.isArray(value)) {
    for (const item of value) lines += `${lines && ','}\n${inner}${indented(item, inner)}`;
    return lines ? `[${lines}\n${indent}]` : '[]';
  }
  const record = value as { readonly [key: string]: unknown };
  const keys = Object.keys(record).sort();
  // Keys that are whole numbers come first in an object, in their own order.
  if (keys.some((key) => /^\d/.test(key)))
    return JSON.stringify(sorted(value as Json), null, 2).replaceAll('\n', `\n${indent}`);
  for (const key of keys)
    if (record[key] !== undefined)
      lines += `${lines && ','}\n${inner}${JSON.stringify(key)}: ${indented(record[key], inner)}`;
  return lines ? `{${lines}\n${indent}}` : '{}';
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const record = value as { readonly [key: string]: Json | undefined };
  const result: Record<string, Json | undefined> = Object.create(null);
  for (const key of Object.keys(record).sort()) {
    const item = record[key];
    if (item !== undefined) result[key] = sorted(item);
  }
  return result;
}
