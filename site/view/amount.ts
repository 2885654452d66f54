/** A count with its noun: `1 host`, `2 hosts`. */
export function count(amount: number, noun: string): string {
  return `${grouped(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

/** A whole number with its thousands apart. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(?:\d{3})+$)/g, '\u202f');
}

/** Bytes: exact below 1 KiB, otherwise with three digits that count. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let amount = bytes / 1024;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount >= 100 ? amount.toFixed(0) : amount.toPrecision(3)} ${units[unit]}`;
}

/** The first digits of a digest: enough to tell two apart by eye. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** The most names that a sentence tells before it only counts the rest. */
const MOST_NAMES = 3;

/** `a, b, c and 2 more`. */
export function listing(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  const told = names.slice(0, MOST_NAMES).join(', ');
  return rest > 0 ? `${told} and ${rest} more` : told;
}
