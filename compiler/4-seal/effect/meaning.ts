/** What a file means, as plain data whose JSON is equal exactly when two files mean the same to their reader. */
export type Meaning = string | readonly Meaning[];

/** A mapping's entries: sorted by key where every key is there once, else in their own order, which then counts. */
export function mapping(entries: readonly (readonly [key: string, value: Meaning])[]): Meaning {
  const unique = new Set(entries.map(([key]) => key)).size === entries.length;
  const ordered = unique ? [...entries].sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
  return [unique ? 'mapping' : 'mapping with repeated keys', ...ordered.map(([key, value]) => [key, value])];
}
