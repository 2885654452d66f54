import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Format } from '../../1-load/component.ts';

/** Where in a text a secret may stand: from an offset up to another. */
type Span = readonly [start: number, end: number];

const SPANS: Record<Format, (text: string) => Span[]> = {
  xml: xmlSpans,
  json: quotedValues,
  yaml: quotedValues,
  ini: (text) => lineValues(text, INI_VALUE),
  properties: (text) => lineValues(text, PROPERTIES_VALUE),
  text: (text) => [[0, text.length]],
};

/** The offsets of a well-formed text, among those given, where its format has no escape for what would be put there. */
export function misplacedSecrets(text: string, format: Format, offsets: readonly number[]): number[] {
  if (offsets.length === 0) return [];
  const spans = SPANS[format](text);
  return offsets.filter((offset) => !spans.some(([start, end]) => offset >= start && offset < end));
}

/** All but comments, CDATA and instructions; names cannot hold a marker. */
function xmlSpans(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { 0: part, index } of text.matchAll(/<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>/gs)) {
    spans.push([start, index]);
    start = index + part.length;
  }
  return [...spans, [start, text.length]];
}

/** Double-quoted scalars, those in keys left out. */
function quotedValues(text: string): Span[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  return Array.isArray(documents) ? documents.flatMap(({ contents }) => valuesIn(contents)) : [];
}

function valuesIn(node: unknown): Span[] {
  if (isMap(node)) return node.items.flatMap(({ value }) => valuesIn(value));
  if (isSeq(node)) return node.items.flatMap(valuesIn);
  if (!isScalar(node) || node.type !== 'QUOTE_DOUBLE' || !node.range) return [];
  return [[node.range[0], node.range[1]]];
}

/** A key, its separator, and the value up to what may be a comment or a quote to one reader and none to another. */
const INI_VALUE = /^[^[=:\s#;][^=:]*[=:][ \t]*((?:(?![ \t][;#]|["'\\]).)*)/;
const PROPERTIES_VALUE =
  /^[ \t\f]*(?![#!])(?:\\.|[^\\=:\s])+(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+)((?:\\(?!\{\{khp:secret:).|[^\\])*)/;

/** What a pattern's group matches in each line; lines that continue another are left out. */
function lineValues(text: string, pattern: RegExp): Span[] {
  const spans: Span[] = [];
  let continued: boolean = false;
  for (const { 1: line = '', index } of text.matchAll(/([^\r\n]*)(?:\r\n|[\r\n]|$)/g)) {
    const match = continued ? null : pattern.exec(line);
    if (match) spans.push([index + match[0].length - match[1]!.length, index + match[0].length]);
    const isComment: boolean = !continued && /^[ \t\f]*[#!]/.test(line);
    continued = pattern === PROPERTIES_VALUE && !isComment && /(?<!\\)(?:\\\\)*\\$/.test(line);
  }
  return spans;
}
