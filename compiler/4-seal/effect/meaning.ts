/** What a file means, as plain data whose JSON is equal exactly when two files mean the same to their reader. */
export type Meaning = string | readonly Meaning[];

/** A mapping's entries: sorted by key where every key is there once, else in their own order, which then counts. */
export function mapping(entries: readonly (readonly [key: string, value: Meaning])[]): Meaning {
  const isSorted = entries.every(([key], index) => index === 0 || entries[index - 1]![0] < key);
  if (isSorted) return ['mapping', ...entries];
  const unique = new Set(entries.map(([key]) => key)).size === entries.length;
  if (!unique) return ['mapping with repeated keys', ...entries];
  return ['mapping', ...entries.toSorted((a, b) => (a[0] < b[0] ? -1 : 1))];
}
