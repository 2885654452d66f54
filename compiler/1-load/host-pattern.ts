import { parseAddress } from '../ansible/parse-address.ts';
import { asciiDigits } from '../jinja/values/numbers.ts';
import { stripSpace } from './source-lines.ts';

/** The hosts that one pattern may stand for; a larger range is a mistake, or an attack on the compiler's memory. */
export const MAX_PATTERN_HOSTS = 20_000;

/** A host pattern of an inventory, such as `dn[01:20].example:2222`, expanded. */
export interface HostPattern {
  /** Empty for a range that ends before it begins. */
  readonly hosts: readonly string[];
  readonly port: number | undefined;
}

/**
 * Expands a host pattern as Ansible does: an optional port, then ranges `[begin:end]` or `[begin:end:step]`, numeric
 * (padded with zeros as `begin` is) or alphabetic, any number of them. A pattern that is no address with a port is a
 * host's name as a whole. Returns the error's text where Ansible stops with one.
 */
export function expandHostPattern(pattern: string): HostPattern | string {
  if (pattern === '') return 'Invalid empty host name provided';
  const { address, port } = splitPort(pattern);
  const hosts: string[] = [];
  const problem = expandInto(hosts, address);
  return problem ?? { hosts, port };
}

/** As expandHostPattern, with what Ansible refuses in an INI file besides: a sign of YAML, or of a port left out. */
export function expandIniPattern(pattern: string): HostPattern | string {
  const expanded = expandHostPattern(pattern);
  if (typeof expanded === 'string') return expanded;
  const { hosts, port } = expanded;
  if (stripSpace(pattern).endsWith(':') && port === undefined) {
    return `Invalid host pattern '${pattern}' supplied, ending in ':' is not allowed, this character is reserved to provide a port`;
  }
  // What a range stands for is never empty, so that only a single name can be this.
  if (hosts.length === 1 && stripSpace(hosts[0]!) === '---') {
    return `Invalid host pattern '${pattern}' supplied, '---' is normally a sign this is a YAML file`;
  }
  return expanded;
}

/**
 * The address and the port of a host in a list of hosts, where a range is no range. What is no address with a port is
 * a host's name as a whole.
 */
export function splitAddress(host: string): { address: string; port: number | undefined } {
  const { address, port } = splitPort(host);
  return address.includes('[') ? { address: host, port: undefined } : { address, port };
}

function splitPort(pattern: string): { address: string; port: number | undefined } {
  const whole = { address: pattern, port: undefined };
  // Without a port it does not count whether it is an address.
  return /:[0-9]+$/.test(pattern) ? (parseAddress(pattern) ?? whole) : whole;
}

function expandInto(hosts: string[], pattern: string): string | undefined {
  if (!pattern.includes('[')) {
    hosts.push(pattern);
    return hosts.length > MAX_PATTERN_HOSTS ? tooMany() : undefined;
  }
  const [head, range, tail, ...rest] = pattern.replace('[', '|').replace(']', '|').split('|');
  if (range === undefined || tail === undefined || rest.length > 0) return 'malformed host range';
  const sequence = sequenceOf(range);
  if (typeof sequence === 'string') return sequence;
  const isLast = !tail.includes('[');
  for (const item of sequence) {
    if (isLast && hosts.length < MAX_PATTERN_HOSTS) {
      hosts.push(`${head}${item}${tail}`);
      continue;
    }
    const problem = expandInto(hosts, `${head}${item}${tail}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function sequenceOf(range: string): readonly string[] | string {
  const bounds = range.split(':');
  if (bounds.length !== 2 && bounds.length !== 3) return 'host range must be begin:end or begin:end:step';
  const begin = bounds[0] || '0';
  const end = bounds[1]!;
  if (end === '') return 'host range must specify end value';
  const padding = begin.startsWith('0') && begin.length > 1 ? begin.length : 0;
  if (padding > 0 && padding !== end.length) {
    return 'host range must specify equal-length begin and end formats';
  }
  return letters(begin, end, bounds[2] ?? '1') ?? numbers([begin, end, bounds[2] ?? '1'], padding);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Undefined where the bounds are no letters, so that they may be numbers. */
function letters(begin: string, end: string, step: string): readonly string[] | string | undefined {
  const first = LETTERS.indexOf(begin);
  const last = LETTERS.indexOf(end);
  if (first === -1 || last === -1) return undefined;
  if (first > last) return 'host range must have begin <= end';
  const by = integer(step);
  if (by === undefined || by === 0n) return undefined;
  const result = [];
  for (let at = BigInt(first); by > 0n && at <= last; at += by) result.push(LETTERS[Number(at)]!);
  return result;
}

function numbers(bounds: readonly [string, string, string], padding: number): readonly string[] | string {
  const parsed = bounds.map(integer);
  const wrong = parsed.indexOf(undefined);
  if (wrong !== -1) return `invalid literal for int() with base 10: '${bounds[wrong]}'`;
  const [first, last, step] = parsed as [bigint, bigint, bigint];
  if (step === 0n) return 'range() arg 3 must not be zero';
  if (first >= 0n && step > 0n && [first, last, step].every(isSmall))
    return smallNumbers([Number(first), Number(last), Number(step)], padding);
  const result: string[] = [];
  for (let at = first; step > 0n ? at <= last : at > last + 1n; at += step) {
    const sign = at < 0n ? '-' : '';
    result.push(sign + String(at < 0n ? -at : at).padStart(padding - sign.length, '0'));
    if (result.length > MAX_PATTERN_HOSTS) return tooMany();
  }
  return result;
}

/** Whether numbers that count by it, and their sums, are exact. */
function isSmall(value: bigint): boolean {
  return value >= -0x7fff_ffffn && value <= 0x7fff_ffffn;
}

function smallNumbers(
  [first, last, step]: readonly [number, number, number],
  padding: number,
): readonly string[] | string {
  const result: string[] = [];
  for (let at = first; at <= last; at += step) {
    result.push(String(at).padStart(padding, '0'));
    if (result.length > MAX_PATTERN_HOSTS) return tooMany();
  }
  return result;
}

/** Python's int() of a text. */
function integer(text: string): bigint | undefined {
  if (/^[0-9]{1,9}$/.test(text)) return BigInt(text);
  const number = stripSpace(asciiDigits(text));
  return /^[+-]?[0-9]+(?:_[0-9]+)*$/.test(number)
    ? BigInt(number.replaceAll('_', '').replace(/^\+/, ''))
    : undefined;
}

function tooMany(): string {
  return `a host pattern may stand for at most ${MAX_PATTERN_HOSTS} hosts`;
}
