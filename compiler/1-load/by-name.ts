/** A map with its keys sorted by code unit; paths sort otherwise, where one name begins another. */
export function byName<T>(map: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...map].sort((a, b) => compareNames(a[0], b[0])));
}

/** Orders names by code unit. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
