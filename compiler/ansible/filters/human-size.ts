import { Float, int, type Value } from '../../jinja/jinja.ts';
import { roundFloat } from '../../jinja/values/float-text.ts';
import { AnsibleFilterError } from '../errors.ts';

/** Suffixes of sizes and what they stand for, the greatest first. */
export const SIZES: readonly (readonly [string, number])[] = [
  ['Y', 2 ** 80],
  ['Z', 2 ** 70],
  ['E', 2 ** 60],
  ['P', 2 ** 50],
  ['T', 2 ** 40],
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
  ['B', 1],
];

const NAMES: Readonly<Record<string, string>> = {
  B: '',
  K: 'kilo',
  M: 'mega',
  G: 'giga',
  T: 'tera',
  P: 'peta',
  E: 'exa',
  Z: 'zeta',
  Y: 'yotta',
};

/** `2K` → 2048: what Ansible's human_to_bytes makes of a text. */
export function humanToBytes(text: string, defaultUnit: string | undefined, isBits: boolean): Value {
  const fail = (): never => {
    throw new AnsibleFilterError(`human_to_bytes() can't interpret following string: ${text}`);
  };
  const match = /^([0-9]*\.?[0-9]+)(?:\s*([A-Za-z]+))?\s*$/.exec(text);
  if (!match) return fail();
  const number = Number(match[1]);
  const unit = match[2] ?? defaultUnit;
  if (unit === undefined) return toInt(number);
  const key = (unit[0] ?? '').toUpperCase();
  const limit = SIZES.find(([name]) => name === key)?.[1];
  if (limit === undefined) return fail();
  if (unit.length > 1) {
    const long = NAMES[key] + (isBits ? 'bit' : 'byte');
    const short = (key === 'B' ? '' : key) + (isBits ? 'b' : 'B');
    if (unit.toLowerCase() !== long && unit !== short) return fail();
  }
  return toInt(number * limit);
}

function toInt(number: number): Value {
  return int(BigInt(roundFloat(new Float(number).value, 0)));
}
