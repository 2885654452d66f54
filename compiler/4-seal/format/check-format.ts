import type { Format } from '../../1-load/component.ts';
import { checkIni } from './ini.ts';
import { checkJson } from './json.ts';
import type { FormatProblem } from './problem.ts';
import { checkProperties } from './properties.ts';
import { checkXml } from './xml.ts';
import { checkYaml } from './yaml.ts';

const CHECKS: Record<Format, (text: string) => FormatProblem | undefined> = {
  xml: checkXml,
  json: checkJson,
  yaml: checkYaml,
  ini: checkIni,
  properties: checkProperties,
  text: () => undefined,
};

/** The first reason why a rendered text is not of its format, or undefined. */
export function checkFormat(text: string, format: Format): FormatProblem | undefined {
  return CHECKS[format](text);
}
