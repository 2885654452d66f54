import { Float } from '../../jinja/values/float.ts';
import type { Value } from '../../jinja/values/value.ts';
import { Bytes } from '../values/bytes.ts';
import { PyDate, PyDateTime } from '../values/date-time.ts';

/** Thrown where a text is not of the type that it claims; the message says why. */
export class ScalarError extends Error {}

/**
 * The value of a scalar that is of one of YAML's own types, by its name; undefined where it is none of them. Throws
 * ScalarError.
 */
export function constructScalar(name: string, text: string): Value | undefined {
  switch (name) {
    case 'str':
      return text;
    case 'int':
      return constructInt(text);
    case 'bool':
      return constructBool(text);
    case 'null':
      return null;
    case 'float':
      return constructFloat(text);
    case 'timestamp':
      return constructTimestamp(text);
    case 'binary':
      return constructBinary(text);
    default:
      return undefined;
  }
}

const BOOLS: Readonly<Record<string, boolean>> = {
  yes: true,
  no: false,
  true: true,
  false: false,
  on: true,
  off: false,
};

function constructBool(text: string): boolean {
  const value = BOOLS[text.toLowerCase()];
  if (value === undefined) throw new ScalarError(`${JSON.stringify(text)} is no boolean`);
  return value;
}

/** YAML 1.1's ints: `0777`, `0b1`, `0xff`, `1_000`, `190:20:30`. */
function constructInt(text: string): Value {
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  const digits = text.replaceAll('_', '');
  const negative = digits.startsWith('-');
  const body = /^[-+]/.test(digits) ? digits.slice(1) : digits;
  const value = readInt(body, text);
  const signed = negative ? -value : value;
  return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(signed)
    : signed;
}

const LONGEST_INT = 4300;

function readInt(body: string, text: string): bigint {
  // Python reads no longer decimal text as an int, and BigInt takes quadratic time.
  if (body.length > LONGEST_INT) throw new ScalarError(`an int of more than ${LONGEST_INT} digits`);
  if (/^0b[01]+$/.test(body) || /^0x[0-9a-fA-F]+$/.test(body)) return BigInt(body);
  if (/^0[0-7]*$/.test(body)) return BigInt(`0o${body}`);
  if (/^[1-9][0-9]*$/.test(body)) return BigInt(body);
  if (/^[0-9]+(?::[0-9]+)+$/.test(body) && !body.startsWith('0')) {
    return body.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  }
  throw new ScalarError(`${JSON.stringify(text)} is no int`);
}

/** PyYAML's one object: as a key it is the same wherever it stands. */
const NAN = new Float(Number.NaN);

/** YAML 1.1's floats: `1.5e+3`, `.inf`, `190:20:30.15`. */
function constructFloat(text: string): Float {
  const lower = text.replaceAll('_', '').toLowerCase();
  const sign = lower.startsWith('-') ? -1 : 1;
  const body = /^[-+]/.test(lower) ? lower.slice(1) : lower;
  if (body === '.inf') return new Float(sign * Number.POSITIVE_INFINITY);
  if (body === '.nan') return NAN;
  if (body.includes(':')) {
    let value = 0;
    let base = 1;
    for (const part of body.split(':').reverse()) {
      value += readFloat(part, text) * base;
      base *= 60;
    }
    return new Float(sign * value);
  }
  return new Float(sign * readFloat(body, text));
}

function readFloat(body: string, text: string): number {
  if (/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(body)) return Number(body);
  if (/^(?:inf|infinity)$/.test(body)) return Number.POSITIVE_INFINITY;
  if (body === 'nan') return Number.NaN;
  throw new ScalarError(`${JSON.stringify(text)} is no float`);
}

const TIMESTAMP =
  /^([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)(?:(?:[Tt]|[ \t]+)([0-9][0-9]?):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9][0-9]?)(?::([0-9]{2}))?))?)?$/;

function constructTimestamp(text: string): PyDate | PyDateTime {
  const match = TIMESTAMP.exec(text);
  if (!match) throw new ScalarError(`${JSON.stringify(text)} is no timestamp`);
  const [, year, month, day, hour, minute, second, fraction = '', zone, sign, zoneHour, zoneMinute = '0'] =
    match;
  try {
    const date = new PyDate(Number(year), Number(month), Number(day));
    if (hour === undefined) return date;
    const microsecond = Number(fraction.slice(0, 6).padEnd(6, '0'));
    const time = { hour: Number(hour), minute: Number(minute), second: Number(second), microsecond };
    if (zone === undefined) return new PyDateTime(date, time);
    if (sign === undefined) return new PyDateTime(date, time, 0);
    const offset = Number(zoneHour) * 60 + Number(zoneMinute);
    return new PyDateTime(date, time, sign === '-' ? 0 - offset : offset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ScalarError(`${JSON.stringify(text)} reads as a date, but ${error.message}`);
  }
}

/** base64 as Python's decodebytes takes it: other characters are skipped, the padding must be there. */
function constructBinary(text: string): Bytes {
  if (/[^\x00-\x7f]/.test(text)) throw new ScalarError('base64 holds ASCII only');
  const kept = text.replace(/[^A-Za-z0-9+/=]/g, '');
  const end = kept.search(/[A-Za-z0-9+/]={1,2}/);
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  let pads = 0;
  for (const char of kept) {
    if (char === '=') {
      pads++;
      if (count >= 2 && count + pads >= 4) return new Bytes(Uint8Array.from(bytes));
      continue;
    }
    pads = 0;
    bits = (bits << 6) | ALPHABET.indexOf(char);
    count++;
    if (count > 1) bytes.push((bits >> ((4 - count) * 2)) & 0xff);
    bits &= 0xffff;
    if (count === 4) count = 0;
  }
  if (count !== 0)
    throw new ScalarError(
      end < 0 && count === 1
        ? 'the base64 text has one character too many'
        : 'incorrect padding of the base64 text',
    );
  return new Bytes(Uint8Array.from(bytes));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
