type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The one text of a JSON value: keys sorted by code unit, two spaces of indent so that `git diff` reads well, a line
 * feed at the end. Keys whose value is undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sorted(value as Json), null, 2)}\n`;
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
