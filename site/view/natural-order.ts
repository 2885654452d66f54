/** Orders names as people count: `dn-2` before `dn-10`; otherwise by code unit. Never 0 for two different names. */
export function byNaturalOrder(left: string, right: string): number {
  const lefts = left.match(/\d+|\D+/g) ?? [];
  const rights = right.match(/\d+|\D+/g) ?? [];
  for (let index = 0; index < Math.min(lefts.length, rights.length); index += 1) {
    const order = compareParts(lefts[index]!, rights[index]!);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length || compareText(left, right);
}

function compareParts(left: string, right: string): number {
  if (!/^\d/.test(left) || !/^\d/.test(right)) return compareText(left, right);
  const [leftDigits, rightDigits] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')];
  return leftDigits.length - rightDigits.length || compareText(leftDigits, rightDigits);
}

/** Orders by code unit. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
