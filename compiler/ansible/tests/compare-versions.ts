import { steps } from '../../jinja/limits.ts';
import { parseIntText } from '../../jinja/values/numbers.ts';
import { AnsibleFilterError } from '../errors.ts';

/** Negative, 0 or positive, as `a` is before, with or after `b`. */
export type VersionOrder = (a: string, b: string) => number;

function failed(why: string): never {
  throw new AnsibleFilterError(`Version comparison failed: ${why}`);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    if (index >= a.length) return -1;
    if (index >= b.length) return 1;
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return 0;
}

function loose(a: string, b: string): number {
  const parse = (text: string) =>
    [...text.split(/(\p{Nd}+|[a-z]+|\.)/u)]
      .filter((part) => part !== '' && part !== '.')
      .map((part) => (/^\p{Nd}+$/u.test(part) ? BigInt(parseIntText(part) ?? 0) : part));
  const [left, right] = [parse(a), parse(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x, y] = [left[index]!, right[index]!];
    if (x === y) continue;
    if (typeof x !== typeof y) {
      const name = (part: bigint | string) => (typeof part === 'string' ? 'str' : 'int');
      failed(`'<' not supported between instances of '${name(x)}' and '${name(y)}'`);
    }
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function strict(a: string, b: string): number {
  const parse = (text: string) => {
    const match = /^(\d+)\.(\d+)(\.(\d+))?([ab](\d+))?$/.exec(text);
    if (!match) failed(`invalid version number '${text}'`);
    const [, major, minor, , patch, pre, count] = match;
    const release = [Number(major), Number(minor), Number(patch ?? 0)];
    return [...release, pre === undefined ? 2 : pre.startsWith('a') ? 0 : 1, Number(count ?? 0)];
  };
  return compareNumbers(parse(a), parse(b));
}

const SEMANTIC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

function semantic(a: string, b: string): number {
  const parse = (text: string) => {
    const match = SEMANTIC.exec(text);
    if (!match) failed(`invalid semantic version '${text}'`);
    return { release: [Number(match[1]), Number(match[2]), Number(match[3])], pre: match[4]?.split('.') };
  };
  const [left, right] = [parse(a), parse(b)];
  const order = compareNumbers(left.release, right.release);
  if (order !== 0) return order;
  if (!left.pre || !right.pre) return Number(left.pre === undefined) - Number(right.pre === undefined);
  return comparePrereleases(left.pre, right.pre);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [x, y] = [a[index]!, b[index]!];
    if (x === y) continue;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xNumber && yNumber) return Number(x) - Number(y);
    if (xNumber !== yNumber) return xNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

const PEP440 =
  /^\s*v?(?:(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]+)?)?((?:-([0-9]+))|(?:[-_.]?(post|rev|r)[-_.]?([0-9]+)?))?([-_.]?dev[-_.]?([0-9]+)?)?)(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;

interface Pep440 {
  readonly key: readonly (readonly number[])[];
  readonly local: readonly (string | number)[] | undefined;
}

function parsePep440(text: string): Pep440 {
  const match = PEP440.exec(text);
  if (!match) return failed(`Invalid version: '${text}'`);
  const [
    ,
    epoch,
    release,
    pre,
    preNumber,
    postWhole,
    postImplicit,
    ,
    postNumber,
    devWhole,
    devNumber,
    local,
  ] = match;
  const numbers = release!.split('.').map(Number);
  while (numbers.length > 0 && numbers.at(-1) === 0) numbers.pop();
  const post = postWhole === undefined ? undefined : Number(postImplicit ?? postNumber ?? 0);
  const dev = devWhole === undefined ? undefined : Number(devNumber ?? 0);
  const kind = pre?.toLowerCase();
  const phase = kind === undefined ? undefined : kind.startsWith('a') ? 0 : kind.startsWith('b') ? 1 : 2;
  const preKey =
    phase !== undefined
      ? [phase, Number(preNumber ?? 0)]
      : post === undefined && dev !== undefined
        ? [-1]
        : [3];
  return {
    key: [
      [Number(epoch ?? 0)],
      numbers,
      preKey,
      post === undefined ? [-1] : [post],
      dev === undefined ? [Number.POSITIVE_INFINITY] : [dev],
    ],
    local: local
      ?.toLowerCase()
      .split(/[-_.]/)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}

function pep440(a: string, b: string): number {
  const [left, right] = [parsePep440(a), parsePep440(b)];
  for (const [index, part] of left.key.entries()) {
    const order = compareNumbers(part, right.key[index]!);
    if (order !== 0) return order;
  }
  if (!left.local || !right.local)
    return Number(left.local !== undefined) - Number(right.local !== undefined);
  for (let index = 0; index < Math.min(left.local.length, right.local.length); index++) {
    const [x, y] = [left.local[index]!, right.local[index]!];
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'number' ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return left.local.length - right.local.length;
}

/** The kinds of versions that the test `version` knows. */
export const VERSION_ORDERS: Readonly<Record<string, VersionOrder>> = {
  loose: counted(loose),
  strict: counted(strict),
  semver: counted(semantic),
  semantic: counted(semantic),
  pep440: counted(pep440),
};

/** The order, with the length of the versions on the render's account. */
function counted(order: VersionOrder): VersionOrder {
  return (a, b) => {
    steps((a.length + b.length) >> 1);
    return order(a, b);
  };
}
