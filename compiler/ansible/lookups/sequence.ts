import { asInt, asText, percentFormat, str, type Value, willHold } from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import type { Lookup } from './lookup.ts';
import { parseKeyValues } from './parse-key-values.ts';

const NUMBER = '(0?x?[0-9a-f]+)';
const SHORTCUT = new RegExp(`^(?:${NUMBER}-)?${NUMBER}(?:/${NUMBER})?(?::(.+))?$`, 'i');
const FIELDS = new Set(['start', 'end', 'stride', 'count', 'format']);

interface Fields {
  start: number;
  stride: number;
  format: string;
  end?: number;
  count?: number;
}

/** `5-8`, `2-10/2`, `4:host%02d`, `start=5 end=11 format=0x%02x`. */
export const sequence: Lookup = ({ terms, options }) =>
  terms.flatMap((term) => {
    const given = new Map<string, Value>(options);
    for (const [name, value] of fieldsOf(str(term))) given.set(name, value);
    return generate(given);
  });

function fieldsOf(term: string): Map<string, Value> {
  const match = SHORTCUT.exec(term);
  if (match) {
    const [, start, end, stride, format] = match;
    return new Map(
      Object.entries({ start, end, stride, format }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
  }
  const fields = parseKeyValues(term);
  const unknown = [...fields.keys()].filter((name) => !FIELDS.has(name));
  if (unknown.length > 0)
    throw new AnsibleError(`unrecognized arguments to with_sequence: ${unknown.join(', ')}`);
  return fields;
}

function whole(value: Value, name: string): number {
  const int = asInt(value);
  if (int !== undefined) return Number(int);
  const text = asText(value)?.trim() ?? '';
  if (!/^[-+]?[0-9]+$/.test(text)) throw new AnsibleError(`can't parse ${name}=${text} as integer`);
  return Number(text);
}

function generate(given: ReadonlyMap<string, Value>): Value[] {
  const fields: Fields = { start: 1, stride: 1, format: '%d' };
  for (const name of ['start', 'end', 'stride', 'count'] as const) {
    const value = given.get(name);
    if (value !== undefined && value !== null) fields[name] = whole(value, name);
  }
  const format = given.get('format');
  if (format !== undefined && format !== null) fields.format = str(format);
  complete(fields);
  const { start, stride, end } = fields as Required<Fields>;
  if (stride === 0) return [];
  const length = Math.max(0, Math.floor((end - start) / stride) + 1);
  willHold(length);
  return Array.from({ length }, (_, index) => percentFormat(fields.format, start + index * stride));
}

function complete(fields: Fields): void {
  if (fields.count === undefined && fields.end === undefined) {
    throw new AnsibleError('must specify count or end in with_sequence');
  }
  if (fields.count !== undefined && fields.end !== undefined) {
    throw new AnsibleError("can't specify both count and end in with_sequence");
  }
  if (fields.count !== undefined) {
    if (fields.count === 0) Object.assign(fields, { start: 0, end: 0, stride: 0 });
    else fields.end = fields.start + fields.count * fields.stride - 1;
  }
  if (fields.stride > 0 && fields.end! < fields.start)
    throw new AnsibleError('to count backwards make stride negative');
  if (fields.stride < 0 && fields.end! > fields.start)
    throw new AnsibleError("to count forward don't make stride negative");
  if (fields.format.split('%').length !== 2)
    throw new AnsibleError(`bad formatting string: ${fields.format}`);
}
