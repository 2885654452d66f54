import { FilterArgumentError, PythonError, typeError, valueError } from '../errors.ts';
import { steps, willMake } from '../limits.ts';
import type { Context } from '../runtime/context.ts';
import { escapeHtml } from '../runtime/runtime.ts';
import { Undefined } from '../runtime/undefined.ts';
import { flag } from '../values/arguments.ts';
import { Dict } from '../values/dict.ts';
import { contextFunction, pyFunction } from '../values/function.ts';
import {
  isMapping,
  iterateOrUndefined,
  mappingItems,
  str,
  toArray,
  truth,
  typeName,
} from '../values/inspect.ts';
import { jsonText } from '../values/json-text.ts';
import { Markup } from '../values/markup.ts';
import { asInt, asText, wantIndex } from '../values/numbers.ts';
import { replaceText, reprText, splitSpace } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { prettyFormat } from './pretty.ts';
import { stripTags } from './strip-tags.ts';
import { urlize } from './urlize.ts';

const encoder = new TextEncoder();

/** Each byte in a URL. */
const QUOTED = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9_.~/-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});
const QUOTED_IN_QUERY = QUOTED.with(0x20, '+').with(0x2f, '%2F');

/** Python's urllib.parse.quote; in a query, `/` too is quoted and a space is `+`. */
function quote(value: Value, inQuery: boolean): string {
  const text = str(value);
  if (/[\ud800-\udfff]/.test(text) && !text.isWellFormed()) {
    throw valueError("'utf-8' codec can't encode characters: surrogates not allowed");
  }
  if (/^[A-Za-z0-9_.~-]*$/.test(text)) return text;
  steps(text.length >> 1);
  const table = inQuery ? QUOTED_IN_QUERY : QUOTED;
  return Array.from(encoder.encode(text), (byte) => table[byte]).join('');
}

function urlEncode(value: Value): string {
  if (asText(value) !== undefined || iterateOrUndefined(value) === undefined) return quote(value, false);
  const pairs =
    value instanceof Dict || isMapping(value)
      ? [...mappingItems(value)].map((pair) => new Tuple(pair))
      : toArray(value);
  return pairs
    .map((pair) => {
      if (iterateOrUndefined(pair) === undefined) {
        throw typeError(`cannot unpack non-iterable ${typeName(pair)} object`);
      }
      const parts = toArray(pair);
      if (parts.length > 2) throw valueError('too many values to unpack (expected 2)');
      if (parts.length < 2) throw valueError(`not enough values to unpack (expected 2, got ${parts.length})`);
      return `${quote(parts[0]!, true)}=${quote(parts[1]!, true)}`;
    })
    .join('&');
}

const BAD_NAME = /[ \t\n\r\f\v/>=]/;

function xmlAttributes(context: Context, value: Value, autospace: boolean): Value {
  if (value instanceof Undefined) value.fail();
  if (!isMapping(value))
    throw new PythonError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  const parts: string[] = [];
  for (const [key, item] of mappingItems(value)) {
    steps(2);
    if (item === null || item instanceof Undefined) continue;
    const name = asText(key);
    if (name === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(key)}'`);
    if (BAD_NAME.test(name)) throw valueError(`Invalid character in attribute name: ${reprText(name)}`);
    parts.push(`${escapeHtml(key)}="${escapeHtml(item)}"`);
  }
  const text = (autospace && parts.length > 0 ? ' ' : '') + parts.join(' ');
  return context.autoescape ? new Markup(text) : text;
}

/** The indentation of json.dumps: a number of spaces, or a text. */
function jsonIndent(indent: Value): string | undefined {
  if (indent === null) return undefined;
  const text = asText(indent);
  if (text !== undefined) return text;
  if (asInt(indent) === undefined)
    throw typeError(`can't multiply sequence by non-int of type '${typeName(indent)}'`);
  const width = Math.max(0, wantIndex(indent));
  willMake(width);
  return ' '.repeat(width);
}

const JSON_HTML = [
  ['<', '\\u003c'],
  ['>', '\\u003e'],
  ['&', '\\u0026'],
  ["'", '\\u0027'],
] as const;

function toJson(value: Value, indent: Value): Value {
  // json.dumps writes a text before it looks at the indentation.
  const used = asText(value) === undefined ? jsonIndent(indent) : undefined;
  let text = jsonText(value, { indent: used, sortKeys: true });
  for (const [char, written] of JSON_HTML) text = replaceText(text, char, written);
  return new Markup(text);
}

const SCHEME = /^[\w.+-]{2,}:(?:\/){0,2}$/;

function urlizeFilter(context: Context, value: Value, options: UrlizeArguments): Value {
  const { policies } = context.environment;
  const rel = new Set([
    ...words(options.rel),
    ...(truth(options.nofollow) ? ['nofollow'] : []),
    ...policies.urlizeRel.split(' '),
  ]);
  const schemes = options.schemes === null ? policies.urlizeExtraSchemes : toArray(options.schemes).map(str);
  for (const scheme of schemes) {
    if (!SCHEME.test(scheme))
      throw new FilterArgumentError(`${reprText(scheme)} is not a valid URI scheme prefix.`);
  }
  const target = options.target === null ? policies.urlizeTarget : options.target;
  const text = urlize(escapeHtml(value), {
    limit: options.limit === null ? undefined : wantIndex(options.limit),
    rel: [...rel]
      .filter((word) => word !== '')
      .sort()
      .map(escapeHtml),
    target: target === undefined ? undefined : escapeHtml(target),
    schemes,
  });
  return context.autoescape ? new Markup(text) : text;
}

interface UrlizeArguments {
  readonly limit: Value;
  readonly nofollow: Value;
  readonly target: Value;
  readonly rel: Value;
  readonly schemes: Value;
}

function words(value: Value): string[] {
  return value === null ? [] : splitSpace(str(value));
}

/** Jinja's filters for HTML, URLs and JSON, and pprint. */
export const HTML_FILTERS = {
  pprint: pyFunction('value', prettyFormat),
  striptags: pyFunction('value', (value: Value) => stripTags(str(value))),
  tojson: pyFunction('value indent?', (value: Value, indent: Value = null) => toJson(value, indent)),
  urlencode: pyFunction('value', urlEncode),
  urlize: contextFunction(
    'value trim_url_limit? nofollow? target? rel? extra_schemes?',
    (
      context: Context,
      value: Value,
      limit: Value = null,
      nofollow: Value = false,
      target: Value = null,
      rel: Value = null,
      schemes: Value = null,
    ) => urlizeFilter(context, value, { limit, nofollow, target, rel, schemes }),
  ),
  xmlattr: contextFunction('d autospace?', (context: Context, value: Value, autospace: Value = true) =>
    xmlAttributes(context, value, flag(autospace)),
  ),
};
