import { hash } from 'node:crypto';
import type { Format } from '../../1-load/component.ts';
import { iniMeaning, propertiesMeaning } from './lines.ts';
import type { Meaning } from './meaning.ts';
import { xmlMeaning } from './xml.ts';
import { yamlMeaning } from './yaml.ts';

const MEANINGS: Record<Format, (text: string) => Meaning> = {
  xml: xmlMeaning,
  json: yamlMeaning,
  yaml: yamlMeaning,
  ini: iniMeaning,
  properties: propertiesMeaning,
  text: (text) => text,
};

/**
 * A digest (SHA-256, hex) of what a well-formed file means. Comments, white space between XML elements and the order of
 * a mapping's keys do not count; sequences, text, repeated keys, and the order of anything else do.
 */
export function effectOf(text: string, format: Format): string {
  return digestOf(meaningOf(text, format));
}

/** What a well-formed file means, as a text that is equal exactly where effectOf is. */
export function meaningOf(text: string, format: Format): string {
  return JSON.stringify([format, MEANINGS[format](text)]);
}

/** The digest of a meaning. */
export function digestOf(meaning: string): string {
  return hash('sha256', meaning, 'hex');
}
