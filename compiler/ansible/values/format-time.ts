import { UnsupportedError } from '../../jinja/errors.ts';
import { DAYS, MONTHS } from './calendar-names.ts';
import type { PyDateTime } from './date-time.ts';

const pad = (number: number, width = 2, fill = '0'): string => String(number).padStart(width, fill);

/** A time in the format of strftime, as the C locale writes it. */
export function formatTime(format: string, at: PyDateTime): string {
  return format.replace(/%([-_0^#]?)([A-Za-z%])?/g, (whole, flag: string, letter: string | undefined) => {
    if (letter === undefined) return whole;
    const field = fieldOf(letter, at);
    if (field === undefined) refuse(letter);
    if (flag === '-') return /^[ 0]*[0-9]+$/.test(field) ? field.replace(/^[ 0]+(?=[0-9])/, '') : field;
    if (flag === '_') return field.replace(/^0+(?=[0-9])/, (zeros) => ' '.repeat(zeros.length));
    if (flag === '0') return field.replace(/^ +/, (spaces) => '0'.repeat(spaces.length));
    return flag === '' ? field : field.toUpperCase();
  });
}

function refuse(letter: string): never {
  throw new UnsupportedError(`%${letter} of strftime is not supported here`);
}

function fieldOf(letter: string, at: PyDateTime): string | undefined {
  const { year, month, day } = at.date;
  const { hour, minute, second, microsecond } = at.time;
  const weekday = at.date.weekday();
  const dayOfYear = at.date.dayOfYear();
  switch (letter) {
    case 'Y':
      return String(year);
    case 'C':
      return pad(Math.floor(year / 100));
    case 'y':
      return pad(year % 100);
    case 'm':
      return pad(month);
    case 'd':
      return pad(day);
    case 'e':
      return pad(day, 2, ' ');
    case 'H':
      return pad(hour);
    case 'k':
      return pad(hour, 2, ' ');
    case 'I':
      return pad(hour % 12 || 12);
    case 'l':
      return pad(hour % 12 || 12, 2, ' ');
    case 'M':
      return pad(minute);
    case 'S':
      return pad(second);
    case 'f':
      return pad(microsecond, 6);
    case 'j':
      return pad(dayOfYear, 3);
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'P':
      return hour < 12 ? 'am' : 'pm';
    case 'a':
      return DAYS[weekday]!.slice(0, 3);
    case 'A':
      return DAYS[weekday];
    case 'b':
    case 'h':
      return MONTHS[month - 1]!.slice(0, 3);
    case 'B':
      return MONTHS[month - 1];
    case 'u':
      return String(weekday + 1);
    case 'w':
      return String((weekday + 1) % 7);
    case 'U':
      return pad(Math.floor((dayOfYear + 6 - ((weekday + 1) % 7)) / 7));
    case 'W':
      return pad(Math.floor((dayOfYear + 6 - weekday) / 7));
    case 'F':
      return `${year}-${pad(month)}-${pad(day)}`;
    case 'T':
      return `${pad(hour)}:${pad(minute)}:${pad(second)}`;
    case 'R':
      return `${pad(hour)}:${pad(minute)}`;
    case 'D':
    case 'x':
      return `${pad(month)}/${pad(day)}/${pad(year % 100)}`;
    case 'X':
      return `${pad(hour)}:${pad(minute)}:${pad(second)}`;
    case 'c':
      return formatTime('%a %b %e %H:%M:%S %Y', at);
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '%':
      return '%';
    case 's':
      return at.offset === undefined ? undefined : String(at.instant() / 1_000_000n - EPOCH);
    case 'z':
      return at.offset === undefined ? '' : at.isoformat().slice(-6).replace(':', '');
    default:
      return undefined;
  }
}

// The seconds of 1970-01-01 by the count of instant().
const EPOCH = 719_163n * 86_400n;
