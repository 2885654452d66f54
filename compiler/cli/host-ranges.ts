/**
 * Hosts in the words of an inventory: names that differ by one number become a range, `dn-[4:10].example`. In natural
 * order. Numbers with leading zeros keep them: `dn-[01:20]`.
 */
export function hostRanges(hosts: readonly string[]): string[] {
  const ranges = new Map<string, string[]>();
  for (const host of hosts) {
    // The last number of the first label.
    const match = /^([^.]*?)(\d+)([^.\d]*(?:\..*)?)$/.exec(host);
    const key = match ? `${match[1]}\u0000${match[3]}` : host;
    const numbers = ranges.get(key) ?? [];
    if (match) numbers.push(match[2]!);
    ranges.set(key, numbers);
  }
  return [...ranges].flatMap(([key, numbers]) => {
    if (numbers.length === 0) return key;
    const [before, after] = key.split('\u0000') as [string, string];
    return runs(numbers).map(
      ([first, last]) => `${before}${first === last ? first : `[${first}:${last}]`}${after}`,
    );
  });
}

/** Consecutive numbers of one width as first and last. */
function runs(numbers: readonly string[]): [string, string][] {
  const sorted = [...new Set(numbers)].sort((a, b) => Number(a) - Number(b) || a.length - b.length);
  const found: [string, string][] = [];
  for (const number of sorted) {
    const run = found.at(-1);
    if (run && continues(run[1], number)) run[1] = number;
    else found.push([number, number]);
  }
  return found;
}

/** Whether a number follows another one in a range: padded to the same width, or not padded at all. */
function continues(before: string, number: string): boolean {
  const padded = before.startsWith('0') && before !== '0';
  return (
    BigInt(number) === BigInt(before) + 1n &&
    (padded ? number.length === before.length : !number.startsWith('0'))
  );
}
