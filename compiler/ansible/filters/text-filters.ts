import { createHash, getHashes } from 'node:crypto';
import {
  asInt,
  asText,
  type PyFunction,
  pyFunction,
  repr,
  step,
  str,
  Tuple,
  truth,
  typeError,
  typeName,
  UnsupportedError,
  type Value,
  valueError,
} from '../../jinja/jinja.ts';
import { split as splitText } from '../../jinja/values/split.ts';
import { stripEnd } from '../../jinja/values/text.ts';
import { AnsibleFilterError } from '../errors.ts';
import { Regex } from '../regex/regex.ts';
import { parseReplacement } from '../regex/replacement.ts';
import { Bytes } from '../values/bytes.ts';
import { toText } from '../values/to-text.ts';

function regexOf(pattern: Value, ignoreCase: Value, multiline: Value): Regex {
  const text = asText(pattern);
  if (text === undefined) throw typeError('first argument must be string or compiled pattern');
  return Regex.of(text, { ignoreCase: truth(ignoreCase), multiline: truth(multiline) });
}

function regexReplace(
  value: Value,
  pattern: Value,
  replacement: Value,
  options: Record<string, Value>,
): Value {
  const text = toText(value);
  const regex = regexOf(pattern, options.ignorecase ?? false, options.multiline ?? false);
  const template = asText(replacement);
  if (template === undefined) throw typeError(`expected str instance, ${typeName(replacement)} found`);
  const count = Number(asInt(options.count ?? 0) ?? 0);
  const replaced = regex.replace(text, parseReplacement(template, regex), count);
  const wanted = options.mandatory ?? 0;
  if (truth(wanted) && asInt(wanted) !== replaced.count) {
    throw new AnsibleFilterError(
      `'${str(pattern)}' should match ${str(wanted)} times, but matches ${count} times in '${text}'`,
    );
  }
  return replaced.text;
}

function regexSearch(
  value: Value,
  pattern: Value,
  wanted: Value[],
  named: ReadonlyMap<string, Value>,
): Value {
  const groups = wanted.map((group) => {
    const text = asText(group) ?? '';
    const name = /^\\g<(\S+)>/.exec(text)?.[1];
    if (name !== undefined) return name;
    const number = /^\\(\d+)/.exec(text)?.[1];
    if (number === undefined) throw new AnsibleFilterError('Unknown argument');
    return Number(number);
  });
  const regex = regexOf(pattern, named.get('ignorecase') ?? false, named.get('multiline') ?? false);
  const match = regex.search(toText(value));
  if (!match) return null;
  if (groups.length === 0) return match.groups[0]!;
  return groups.map((group) => match.groups[regex.groupIndex(group)] ?? null);
}

function regexFindAll(value: Value, pattern: Value, multiline: Value, ignoreCase: Value): Value {
  return regexOf(pattern, ignoreCase, multiline)
    .findAll(toText(value))
    .map(({ groups }) => {
      const [whole, ...rest] = groups.map((group) => group ?? '');
      if (rest.length === 0) return whole!;
      return rest.length === 1 ? rest[0]! : new Tuple(rest);
    });
}

function regexEscape(value: Value, kind: string): Value {
  const text = toText(value);
  if (kind === 'python') return text.replace(/[-()[\]{}?*+|^$\\.&~# \t\n\r\v\f]/g, (char) => `\\${char}`);
  if (kind === 'posix_basic') return text.replace(/[\].[^$*\\]/g, (char) => `\\${char}`);
  if (kind === 'posix_extended') throw new AnsibleFilterError(`Regex type (${kind}) not yet implemented`);
  throw new AnsibleFilterError(`Invalid regex type (${kind})`);
}

/** shlex.quote */
export function quoteShell(text: string): string {
  if (text === '') return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}

interface CommentStyle {
  readonly beginning?: string;
  readonly decoration: string;
  readonly end?: string;
}

const COMMENTS: Readonly<Record<string, CommentStyle>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

function comment(value: Value, style: Value, named: ReadonlyMap<string, Value>): Value {
  const chosen = Object.hasOwn(COMMENTS, str(style)) ? COMMENTS[str(style)]! : undefined;
  if (!chosen) throw new AnsibleFilterError(`KeyError: ${repr(style)}`);
  const text = asText(value);
  if (text === undefined) throw typeError(`'${typeName(value)}' object has no attribute 'replace'`);
  const option = (name: string, otherwise: string) => str(named.get(name) ?? otherwise);
  const newline = option('newline', '\n');
  const decoration = option('decoration', chosen.decoration);
  const beginning = option('beginning', chosen.beginning ?? '');
  const end = option('end', chosen.end ?? '');
  const prefix = option('prefix', stripEnd(decoration));
  const postfix = option('postfix', stripEnd(decoration));
  const times = (name: string) => Math.min(Math.max(0, Number(asInt(named.get(name) ?? 1) ?? 1)), 10_000);
  const before =
    prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(times('prefix_count'));
  const body = (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    stripEnd(decoration) + newline,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    before,
    body,
    (newline + postfix).repeat(times('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('');
}

function hash(value: Value, kind: string): string {
  const data = value instanceof Bytes ? value.data : Buffer.from(toText(value), 'utf8');
  const name = kind.toLowerCase();
  const known: Record<string, string> = {
    sha3_224: 'sha3-224',
    sha3_256: 'sha3-256',
    sha3_384: 'sha3-384',
    sha3_512: 'sha3-512',
    blake2b: 'blake2b512',
    blake2s: 'blake2s256',
  };
  const openssl = known[name] ?? name;
  if (!getHashes().includes(openssl) && !getHashes().includes(openssl.toUpperCase())) {
    throw new AnsibleFilterError(`unsupported hash type ${kind}`);
  }
  return createHash(openssl).update(data).digest('hex');
}

function toUuid(value: Value, namespace: Value): Value {
  const text = str(namespace);
  const hex = text
    .replace(/^urn:/, '')
    .replace(/^uuid:/, '')
    .replace(/^[{}]+|[{}]+$/g, '')
    .replaceAll('-', '');
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) {
    throw new AnsibleFilterError(
      `Invalid value '${text}' for 'namespace': badly formed hexadecimal UUID string`,
    );
  }
  const digest = createHash('sha1')
    .update(Buffer.from(hex, 'hex'))
    .update(toText(value), 'utf8')
    .digest()
    .subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function encode(text: string, encoding: Value): Buffer {
  const name = str(encoding).toLowerCase().replaceAll('_', '-');
  if (name === 'utf-8' || name === 'utf8') return Buffer.from(text, 'utf8');
  if (name === 'utf-16-le' || name === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (
    name === 'ascii' ||
    name === 'us-ascii' ||
    name === 'latin-1' ||
    name === 'iso-8859-1' ||
    name === 'latin1'
  ) {
    const limit = name.includes('ascii') ? 0x7f : 0xff;
    for (const char of text)
      if (char.codePointAt(0)! > limit)
        throw valueError(`'${name}' codec can't encode character ${repr(char)}`);
    return Buffer.from(text, 'latin1');
  }
  throw new UnsupportedError(
    `the encoding ${str(encoding)} is not supported; utf-8, utf-16-le, latin-1 and ascii are`,
  );
}

/**
 * The digits that Python's base64 reads: what is none is passed over, a padding before the last digits of a group as
 * well, and one that ends a group ends the text.
 */
function base64Digits(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9+/=]/g, '');
  let digits = '';
  for (const [part] of plain.matchAll(/[^=]+|=+/g)) {
    step();
    if (part[0] !== '=') digits += part;
    else if (digits.length % 4 >= 2 && part.length >= 4 - (digits.length % 4)) return digits;
  }
  if (digits.length % 4 === 1)
    throw valueError(
      `Invalid base64-encoded string: number of data characters (${digits.length}) cannot be 1 more than a multiple of 4`,
    );
  if (digits.length % 4 !== 0) throw valueError('Incorrect padding');
  return digits;
}

function decodeBase64(value: Value, encoding: Value): Value {
  const data = Buffer.from(base64Digits(toText(value)), 'base64');
  const name = str(encoding).toLowerCase().replaceAll('_', '-');
  if (name === 'utf-16-le') return data.toString('utf16le');
  if (name === 'latin-1' || name === 'iso-8859-1') return data.toString('latin1');
  if (name !== 'utf-8' && name !== 'utf8' && name !== 'ascii')
    throw new UnsupportedError(`the encoding ${str(encoding)} is not supported`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw valueError("'utf-8' codec can't decode the bytes");
  }
}

function splitFilter(value: Value, separator: Value | undefined, limit: Value): Value {
  const text = asText(value);
  if (text === undefined)
    throw typeError(`descriptor 'split' for 'str' objects doesn't apply to a '${typeName(value)}' object`);
  if (separator === undefined || separator === null)
    return splitText(text, undefined, Number(asInt(limit) ?? -1));
  const by = asText(separator);
  if (by === undefined) throw typeError(`must be str or None, not ${typeName(separator)}`);
  return splitText(text, by, Number(asInt(limit) ?? -1));
}

/** Filters on texts. */
export const TEXT_FILTERS: Record<string, PyFunction> = {
  regex_replace: pyFunction(
    'value? pattern? replacement? ignorecase? multiline? count? mandatory_count?',
    (
      value: Value = '',
      pattern: Value = '',
      replacement: Value = '',
      ignorecase: Value = false,
      multiline: Value = false,
      count: Value = 0,
      mandatory: Value = 0,
    ) => regexReplace(value, pattern, replacement, { ignorecase, multiline, count, mandatory }),
  ),
  regex_search: pyFunction('value regex *args **kwargs', regexSearch),
  regex_findall: pyFunction(
    'value regex multiline? ignorecase?',
    (value: Value, pattern: Value, multiline: Value = false, ignoreCase: Value = false) =>
      regexFindAll(value, pattern, multiline, ignoreCase),
  ),
  regex_escape: pyFunction('string re_type?', (value: Value, kind: Value = 'python') =>
    regexEscape(value, str(kind)),
  ),
  quote: pyFunction('a', (value: Value) => quoteShell(value === null ? '' : toText(value))),
  comment: pyFunction(
    'text style? **kw',
    (value: Value, style: Value = 'plain', named: ReadonlyMap<string, Value>) => comment(value, style, named),
  ),
  split: pyFunction('value sep? maxsplit?', (value: Value, separator: Value | undefined, limit: Value = -1) =>
    splitFilter(value, separator, limit),
  ),
  hash: pyFunction('data hashtype?', (value: Value, kind: Value = 'sha1') => hash(value, str(kind))),
  md5: pyFunction('data', (value: Value) => hash(value, 'md5')),
  sha1: pyFunction('data', (value: Value) => hash(value, 'sha1')),
  checksum: pyFunction('data', (value: Value) => hash(value, 'sha1')),
  to_uuid: pyFunction(
    'string namespace?',
    (value: Value, namespace: Value = '361E6D51-FAEC-444A-9079-341386DA8E2E') => toUuid(value, namespace),
  ),
  b64encode: pyFunction('string encoding?', (value: Value, encoding: Value = 'utf-8') =>
    (value instanceof Bytes ? Buffer.from(value.data) : encode(toText(value), encoding)).toString('base64'),
  ),
  b64decode: pyFunction('string encoding?', (value: Value, encoding: Value = 'utf-8') =>
    decodeBase64(value, encoding),
  ),
};
