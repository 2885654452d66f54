import { typeError, UnsupportedError } from '../../jinja/errors.ts';
import { pyFunction } from '../../jinja/values/function.ts';
import { asText } from '../../jinja/values/numbers.ts';
import { PyObject, type Value } from '../../jinja/values/value.ts';
import { formatTime } from './format-time.ts';
import { TimeDelta } from './time-delta.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** Python's datetime.date. */
export class PyDate extends PyObject {
  readonly typeName = 'date';
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** Throws a RangeError with Python's message where there is no such day. */
  constructor(year: number, month: number, day: number) {
    super();
    checkDay(year, month, day);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** `2024-02-29`, which str() gives too. */
  isoformat(): string {
    return `${String(this.year).padStart(4, '0')}-${two(this.month)}-${two(this.day)}`;
  }

  override pyStr(): string {
    return this.isoformat();
  }

  override pyGetAttribute(name: string): Value | undefined {
    return (
      dateAttribute(this, name) ?? formatMethods(name, new PyDateTime(this, MIDNIGHT), () => this.isoformat())
    );
  }

  override pyOperate(operator: string, other: Value): Value | undefined {
    if (operator !== '-' || !(other instanceof PyDate)) return undefined;
    return new TimeDelta(BigInt(this.ordinal() - other.ordinal()) * 86_400_000_000n);
  }

  /** Days since the last Monday. */
  weekday(): number {
    return (this.ordinal() + 6) % 7;
  }

  /** 1 on January 1st. */
  dayOfYear(): number {
    return this.ordinal() - new PyDate(this.year, 1, 1).ordinal() + 1;
  }

  /** The day of an ordinal. */
  static ofOrdinal(ordinal: number): PyDate {
    let year = Math.max(1, Math.floor((ordinal - 1) / 365.2425));
    while (new PyDate(year + 1, 1, 1).ordinal() <= ordinal) year++;
    let rest = ordinal - new PyDate(year, 1, 1).ordinal() + 1;
    let month = 1;
    while (rest > daysIn(year, month)) rest -= daysIn(year, month++);
    return new PyDate(year, month, rest);
  }

  /** Days since 0001-01-01, which is day 1. */
  ordinal(): number {
    const before = this.year - 1;
    let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
    for (let month = 1; month < this.month; month++) days += daysIn(this.year, month);
    return days + this.day;
  }

  override pyEquals(other: Value): boolean {
    return other instanceof PyDate && other.isoformat() === this.isoformat();
  }

  override pyHash(): unknown {
    return `date:${this.isoformat()}`;
  }

  override pyCompare(other: Value): number | undefined {
    if (!(other instanceof PyDate)) return undefined;
    return this.isoformat() < other.isoformat() ? -1 : Number(this.isoformat() > other.isoformat());
  }

  override pyRepr(): string {
    return `datetime.date(${this.year}, ${this.month}, ${this.day})`;
  }
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** Python's datetime.datetime. */
export class PyDateTime extends PyObject {
  readonly typeName = 'datetime';
  readonly date: PyDate;
  readonly time: TimeOfDay;
  /** Minutes east of UTC; undefined where it has no zone. `UTC` itself prints otherwise than an offset of 0 only in repr. */
  readonly offset: number | undefined;

  /** Throws a RangeError with Python's message where there is no such time. */
  constructor(date: PyDate, time: TimeOfDay, offset?: number) {
    super();
    if (time.hour > 23) throw new RangeError('hour must be in 0..23');
    if (time.minute > 59) throw new RangeError('minute must be in 0..59');
    if (time.second > 59) throw new RangeError('second must be in 0..59');
    if (offset !== undefined && Math.abs(offset) >= 1440) {
      throw new RangeError('offset must be strictly between -24 and 24 hours');
    }
    this.date = date;
    this.time = time;
    this.offset = offset;
  }

  /** `2024-02-29T01:02:03.000004+01:00`; str() puts a space for the T. */
  isoformat(separator = 'T'): string {
    const { hour, minute, second, microsecond } = this.time;
    const fraction = microsecond === 0 ? '' : `.${String(microsecond).padStart(6, '0')}`;
    return `${this.date.isoformat()}${separator}${two(hour)}:${two(minute)}:${two(second)}${fraction}${this.#zone()}`;
  }

  #zone(): string {
    if (this.offset === undefined) return '';
    const minutes = Math.abs(this.offset);
    return `${this.offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }

  override pyStr(): string {
    return this.isoformat(' ');
  }

  override pyGetAttribute(name: string): Value | undefined {
    if (name === 'hour' || name === 'minute' || name === 'second' || name === 'microsecond')
      return this.time[name];
    if (name === 'date') return pyFunction('', () => this.date).named(name);
    if (name === 'timestamp') return pyFunction('', () => this.#refuseZone()).named(name);
    return dateAttribute(this.date, name) ?? formatMethods(name, this, () => this.isoformat());
  }

  #refuseZone(): never {
    throw new UnsupportedError(
      "timestamp() depends on the machine's zone; compute with differences of times instead",
    );
  }

  override pyOperate(operator: string, other: Value, reversed: boolean): Value | undefined {
    if (other instanceof TimeDelta && (operator === '+' || (operator === '-' && !reversed))) {
      return this.#moved(operator === '+' ? other.total : -other.total);
    }
    if (operator !== '-' || !(other instanceof PyDateTime)) return undefined;
    if ((this.offset === undefined) !== (other.offset === undefined)) {
      throw typeError("can't subtract offset-naive and offset-aware datetimes");
    }
    const [left, right] = reversed ? [other, this] : [this, other];
    return new TimeDelta(left.instant() - right.instant());
  }

  #moved(by: bigint): PyDateTime {
    const local = this.instant() + BigInt(this.offset ?? 0) * 60_000_000n + by;
    return ofMicroseconds(local, this.offset);
  }

  /** Microseconds since 0001-01-01, in UTC where it has a zone. */
  instant(): bigint {
    const { hour, minute, second, microsecond } = this.time;
    const minutes = this.date.ordinal() * 1440 + hour * 60 + minute - (this.offset ?? 0);
    return BigInt(minutes * 60 + second) * 1_000_000n + BigInt(microsecond);
  }

  override pyEquals(other: Value): boolean {
    return other instanceof PyDateTime && this.pyHash() === other.pyHash();
  }

  override pyHash(): unknown {
    return `datetime:${this.offset === undefined ? 'naive' : 'aware'}:${this.instant()}`;
  }

  override pyCompare(other: Value): number | undefined {
    if (!(other instanceof PyDateTime) || (this.offset === undefined) !== (other.offset === undefined))
      return undefined;
    const difference = this.instant() - other.instant();
    return difference < 0n ? -1 : Number(difference > 0n);
  }

  override pyRepr(): string {
    const { hour, minute, second, microsecond } = this.time;
    const { year, month, day } = this.date;
    const parts = [year, month, day, hour, minute];
    if (second !== 0 || microsecond !== 0) parts.push(second);
    if (microsecond !== 0) parts.push(microsecond);
    return `datetime.datetime(${parts.join(', ')}${this.#zoneRepr()})`;
  }

  #zoneRepr(): string {
    if (this.offset === undefined) return '';
    if (this.offset === 0) return ', tzinfo=datetime.timezone.utc';
    // Python keeps a timedelta as days and positive seconds.
    const seconds = this.offset * 60;
    const delta = seconds < 0 ? `days=-1, seconds=${seconds + 86400}` : `seconds=${seconds}`;
    return `, tzinfo=datetime.timezone(datetime.timedelta(${delta}))`;
  }
}

function checkDay(year: number, month: number, day: number): void {
  if (year < 1 || year > 9999) throw new RangeError(`year ${year} is out of range`);
  if (month < 1 || month > 12) throw new RangeError('month must be in 1..12');
  if (day < 1 || day > daysIn(year, month)) throw new RangeError('day is out of range for month');
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const MIDNIGHT: TimeOfDay = { hour: 0, minute: 0, second: 0, microsecond: 0 };
const DAY = 86_400_000_000n;

/** @param local microseconds since the day before 0001-01-01, in its own zone */
function ofMicroseconds(local: bigint, offset: number | undefined): PyDateTime {
  const rest = Number(local % DAY);
  const seconds = Math.floor(rest / 1_000_000);
  const time = {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    microsecond: rest % 1_000_000,
  };
  return new PyDateTime(PyDate.ofOrdinal(Number(local / DAY)), time, offset);
}

/** The time of some seconds since 1970, in UTC. */
export function dateTimeOfEpoch(seconds: number): PyDateTime {
  return ofMicroseconds(
    (BigInt(new PyDate(1970, 1, 1).ordinal()) * 86_400n + BigInt(seconds)) * 1_000_000n,
    0,
  );
}

function dateAttribute(date: PyDate, name: string): Value | undefined {
  if (name === 'year' || name === 'month' || name === 'day') return date[name];
  if (name === 'weekday') return pyFunction('', () => date.weekday()).named(name);
  if (name === 'isoweekday') return pyFunction('', () => date.weekday() + 1).named(name);
  return undefined;
}

function formatMethods(name: string, at: PyDateTime, isoformat: () => string): Value | undefined {
  if (name === 'isoformat') return pyFunction('', isoformat).named(name);
  if (name !== 'strftime') return undefined;
  return pyFunction('format', (format: Value) => formatTime(asText(format) ?? '', at)).named(name);
}
