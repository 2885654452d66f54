/** Two names of variables that are near, and what is known of others. */
interface Names {
  /** One that nothing reads. */
  readonly name: string;
  readonly other: string;
  /** What the names of all variables that are read are made of. */
  readonly parts: ReadonlySet<string>;
  /** The names that are set where `name` is seen. */
  readonly set: ReadonlySet<string>;
}

/**
 * Whether the names of two variables are near because both were meant: they differ in numbers (`disk_1`, `disk_2`), in
 * parts that other names are made of as well (`hdfs_dn_heap`, `hdfs_nn_heap`), or are the singular and the plural, where
 * both are set.
 */
export function differsOnPurpose({ name, other, parts, set }: Names): boolean {
  if (withoutNumbers(name) === withoutNumbers(other)) return true;
  const [own, others] = [partsOf(name), partsOf(other)];
  const more = own.filter((part) => !others.includes(part));
  if (more.every((part) => parts.has(part))) return true;
  return set.has(other) && singular(own) === singular(others);
}

/** The words that names are made of. */
export function partsOfNames(names: Iterable<string>): Set<string> {
  return new Set([...names].flatMap(partsOf));
}

function partsOf(name: string): string[] {
  return name.split('_');
}

function withoutNumbers(name: string): string {
  return name.replace(/_?\p{N}+/gu, '');
}

function singular(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/(?<=.)s$/, '')).join('_');
}
