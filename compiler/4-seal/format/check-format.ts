import type { Format } from '../../1-load/component.ts';
import { checkIni } from './ini.ts';
import { checkJson } from './json.ts';
import type { FormatProblem } from './problem.ts';
import { checkProperties } from './properties.ts';
import { checkXml } from './xml.ts';
import { checkYaml } from './yaml.ts';

/** Any text is of the format `text`. */
type CheckedFormat = Exclude<Format, 'text'>;

export interface MalformedText extends FormatProblem {
  readonly format: CheckedFormat;
}

const CHECKS: Record<CheckedFormat, (text: string) => FormatProblem | undefined> = {
  xml: checkXml,
  json: checkJson,
  yaml: checkYaml,
  ini: checkIni,
  properties: checkProperties,
};

/** The first reason why a rendered text is not of its format, or undefined. */
export function checkFormat(text: string, format: Format): MalformedText | undefined {
  if (format === 'text') return undefined;
  const problem = CHECKS[format](text);
  return problem && { ...problem, format };
}
