import { LimitError, valueError } from '../../jinja/errors.ts';
import { reprText } from '../../jinja/values/text.ts';
import { RegexError } from '../regex/regex-error.ts';
import { DAYS, MONTHS } from './calendar-names.ts';
import { PyDate, PyDateTime } from './date-time.ts';

const PATTERNS: Readonly<Record<string, string>> = {
  Y: '\\d\\d\\d\\d',
  y: '\\d\\d',
  m: '1[0-2]|0[1-9]|[1-9]',
  d: '3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]',
  H: '2[0-3]|[0-1]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  S: '6[0-1]|[0-5]\\d|\\d',
  f: '[0-9]{1,6}',
  j: '36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  b: MONTHS.map((name) => name.slice(0, 3)).join('|'),
  B: MONTHS.join('|'),
  a: DAYS.map((name) => name.slice(0, 3)).join('|'),
  A: DAYS.join('|'),
  p: 'am|pm',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|z',
};

/** Characters of a format; each becomes a part of a regular expression. */
const LONGEST_FORMAT = 1000;

/** datetime.strptime, as the C locale reads it. */
export function parseTime(text: string, format: string): PyDateTime {
  if (format.length > LONGEST_FORMAT) {
    throw new LimitError('maxString', `a format of a time of more than ${LONGEST_FORMAT} characters`);
  }
  const fields: string[] = [];
  const source = format
    .replace(/%T/g, '%H:%M:%S')
    .replace(/([\\.^$*+?(){}[\]|])/g, '\\$1')
    .replace(/\s+/g, '\\s+')
    .replace(/%([A-Za-z%])?/g, (_whole, letter: string | undefined) => {
      if (letter === '%') return '%';
      if (letter === undefined || !Object.hasOwn(PATTERNS, letter)) {
        throw valueError(`'${letter ?? ''}' is a bad directive in format '${format}'`);
      }
      fields.push(letter);
      return `(${PATTERNS[letter]})`;
    });
  // Python names the groups of its regular expression by the directives.
  const twice = fields.find((letter, index) => fields.indexOf(letter) !== index);
  if (twice !== undefined) throw new RegexError(`redefinition of group name '${twice}'`);
  const match = new RegExp(`^${source}`, 'i').exec(text);
  if (!match) throw valueError(`time data ${reprText(text)} does not match format ${reprText(format)}`);
  if (match[0].length !== text.length)
    throw valueError(`unconverted data remains: ${text.slice(match[0].length)}`);
  const read = new Map(fields.map((letter, index) => [letter, match[index + 1]!]));
  return assemble(read);
}

function assemble(read: ReadonlyMap<string, string>): PyDateTime {
  const number = (letter: string): number | undefined => {
    const text = read.get(letter);
    return text === undefined ? undefined : Number(text);
  };
  const short = number('y');
  const year = number('Y') ?? (short === undefined ? 1900 : short + (short < 69 ? 2000 : 1900));
  const named = (read.get('b') ?? read.get('B'))?.slice(0, 3).toLowerCase();
  const month =
    named === undefined
      ? (number('m') ?? 1)
      : MONTHS.findIndex((name) => name.toLowerCase().startsWith(named)) + 1;
  const half = number('I');
  const afternoon = read.get('p')?.toLowerCase() === 'pm';
  const hour = half === undefined ? (number('H') ?? 0) : (half % 12) + (afternoon ? 12 : 0);
  const time = {
    hour,
    minute: number('M') ?? 0,
    second: number('S') ?? 0,
    microsecond: Number((read.get('f') ?? '').padEnd(6, '0')),
  };
  try {
    const day = number('j');
    const date =
      day !== undefined && !read.has('m') && !read.has('d') && named === undefined
        ? PyDate.ofOrdinal(new PyDate(year, 1, 1).ordinal() + day - 1)
        : new PyDate(year, month, number('d') ?? 1);
    return new PyDateTime(date, time, offsetOf(read.get('z')));
  } catch (error) {
    if (error instanceof RangeError) throw valueError(error.message);
    throw error;
  }
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (zone.toLowerCase() === 'z') return 0;
  const digits = zone.replace(/[^0-9]/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return zone.startsWith('-') ? 0 - minutes : minutes;
}
