import { steps } from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { Regex } from '../regex/regex.ts';

export interface IniQuestion {
  readonly key: string;
  /** Undefined for a properties file, which has no sections. */
  readonly section: string | undefined;
  readonly caseSensitive: boolean;
  /** Whether the key is a regular expression that each key is matched with. */
  readonly regex: boolean;
  readonly allowNoValue: boolean;
  /** For messages. */
  readonly file: string;
}

const SECTION = /^\[(.+)\]/;
const OPTION = /^(.*?)\s*(?:([=:])\s*(.*))?$/;

/** The values that Python's configparser finds, without interpolation. */
export function readIni(text: string, question: IniQuestion): string[] {
  steps(text.length);
  const sections = parseSections(text, question);
  const name = question.section ?? PROPERTIES;
  const defaults = sections.get('DEFAULT') ?? new Map<string, string>();
  const section = name === 'DEFAULT' ? defaults : sections.get(name);
  if (!section) throw new AnsibleError(`No section '${name}' in ${question.file}`);
  const all = new Map([...defaults, ...section]);
  if (question.regex) {
    const regex = new Regex(question.key);
    return [...all].filter(([key]) => regex.match(key) !== undefined).map(([, value]) => value);
  }
  const value = all.get(question.caseSensitive ? question.key : question.key.toLowerCase());
  return value === undefined ? [] : [value];
}

const PROPERTIES = 'java_properties';

function parseSections(text: string, question: IniQuestion): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  let indent = 0;
  if (question.section === undefined) {
    section = new Map();
    sections.set(PROPERTIES, section);
  }
  for (const [index, line] of text.split(/\r\n|[\n\r]/).entries()) {
    const body = line.trim();
    if (body.startsWith('#') || body.startsWith(';')) continue;
    const column = line.search(/\S/);
    if (body === '') {
      if (section && key !== undefined) section.set(key, `${section.get(key) ?? ''}\n`);
      continue;
    }
    if (section && key !== undefined && column > indent) {
      section.set(key, `${section.get(key) ?? ''}\n${body}`);
      continue;
    }
    indent = column;
    const header = SECTION.exec(body)?.[1];
    if (header !== undefined) {
      if (sections.has(header) && header !== 'DEFAULT') {
        throw new AnsibleError(`section '${header}' already exists in ${question.file}, line ${index + 1}`);
      }
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      key = undefined;
      continue;
    }
    if (!section)
      throw new AnsibleError(`File contains no section headers: ${question.file}, line ${index + 1}`);
    const [, written = '', mark, value] = OPTION.exec(body)!;
    if (mark === undefined && !question.allowNoValue) {
      throw new AnsibleError(`Source contains parsing errors: ${question.file}, line ${index + 1}`);
    }
    key = question.caseSensitive ? written : written.toLowerCase();
    if (section.has(key))
      throw new AnsibleError(`Duplicate option in '${question.file}': ${written}, line ${index + 1}`);
    section.set(key, value ?? '');
  }
  for (const options of sections.values())
    for (const [name, value] of options) options.set(name, value.trimEnd());
  return sections;
}
