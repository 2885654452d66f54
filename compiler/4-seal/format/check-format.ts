import type { Format } from '../../1-load/component.ts';
import { checkIni } from './ini.ts';
import { checkJson } from './json.ts';
import type { FormatProblem } from './problem.ts';
import { checkProperties } from './properties.ts';
import { checkXml } from './xml.ts';
import { checkYaml } from './yaml.ts';

export interface MalformedText extends FormatProblem {
  /** `text` where it is no text at all, whatever the format of the file. */
  readonly format: Format;
}

const CHECKS: Record<Exclude<Format, 'text'>, (text: string) => FormatProblem | undefined> = {
  xml: checkXml,
  json: checkJson,
  yaml: checkYaml,
  ini: checkIni,
  properties: checkProperties,
};

/** The first reason why a rendered text is not of its format, or undefined. */
export function checkFormat(text: string, format: Format): MalformedText | undefined {
  if (!text.isWellFormed()) return halfOfPair(text);
  if (format === 'text') return undefined;
  const problem = CHECKS[format](text);
  return problem && { ...problem, format };
}

/** Bytes of UTF-8 have no form for it; Python refuses to write it too. */
function halfOfPair(text: string): MalformedText {
  const { index } = /\p{Surrogate}/u.exec(text)!;
  const before = text.slice(0, index).split('\n');
  const half = text.charCodeAt(index).toString(16);
  const message = `\\u${half} is half of a surrogate pair, and no character`;
  return { format: 'text', line: before.length, column: before.at(-1)!.length + 1, message };
}
