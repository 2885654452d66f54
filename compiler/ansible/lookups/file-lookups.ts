import {
  asInt,
  asText,
  isMapping,
  type Keywords,
  mappingItems,
  str,
  truth,
  UnsupportedError,
  type Value,
  willHold,
} from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { joinPaths } from '../filters/path-filters.ts';
import { sequenceItems } from '../filters/sequence-items.ts';
import { activeTemplar } from '../templar/active-templar.ts';
import { noteSearch } from '../templar/evaluation.ts';
import { findPath, globTexts, readData, readText } from './find-text.ts';
import type { Lookup } from './lookup.ts';
import { parseKeyValues } from './parse-key-values.ts';
import { readCsv } from './read-csv.ts';
import { readIni } from './read-ini.ts';

const text = (options: Keywords, name: string, otherwise: string) => str(options.get(name) ?? otherwise);
const flag = (options: Keywords, name: string, otherwise: boolean) => truth(options.get(name) ?? otherwise);

const file: Lookup = ({ terms, options }) =>
  terms.map((term) => {
    let content = readData(str(term), 'files');
    if (flag(options, 'lstrip', false)) content = content.trimStart();
    if (flag(options, 'rstrip', true)) content = content.trimEnd();
    return content;
  });

const template: Lookup = ({ terms, options }) => {
  const supported = new Set(['convert_data', 'template_vars']);
  for (const name of options.keys()) {
    if (!supported.has(name))
      throw new UnsupportedError(`'${name}' is no option of the template lookup that is supported here`);
  }
  const templar = activeTemplar();
  // What it includes is searched along the path too.
  noteSearch();
  return terms.map((term) => {
    const { path, text: source } = readText(str(term), 'templates');
    const extra = options.get('template_vars') ?? null;
    const variables = extra !== null && isMapping(extra) ? new Map(mappingItems(extra)) : new Map();
    return templar.renderLookup(source, {
      name: path,
      variables,
      convert: flag(options, 'convert_data', true),
    });
  });
};

const fileglob: Lookup = ({ terms }) =>
  terms.flatMap((term) => {
    const pattern = str(term);
    if (pattern.startsWith('/') || pattern.startsWith('~')) {
      throw new UnsupportedError(
        `'${pattern}' names files of the machine; only the files of the workspace can be found`,
      );
    }
    noteSearch();
    for (const folder of activeTemplar().searchPath) {
      for (const base of [`${folder}/files`, folder]) {
        const found = globTexts(joinPaths([base, pattern]).replace(/^\/+/, ''));
        if (found.length > 0) return found;
      }
    }
    return [];
  });

function splitOn(value: Value, separators: RegExp): string[] {
  const one = asText(value);
  if (one !== undefined) return one.split(separators);
  return (sequenceItems(value) ?? []).flatMap((item) => splitOn(item, separators));
}

function candidates(term: Value, options: Keywords): string[] {
  if (isMapping(term)) {
    const own = new Map([...options, ...mappingItems(term)].map(([name, value]) => [str(name), value]));
    return combinations(splitOn(own.get('files') ?? [], /[,;]/), own);
  }
  const one = asText(term);
  if (one !== undefined) return combinations(splitOn(one, /[,;]/), options);
  const nested = sequenceItems(term);
  if (nested) return nested.flatMap((item) => candidates(item, options));
  throw new AnsibleError('Invalid term supplied, can handle string, mapping or list of strings');
}

function combinations(files: readonly string[], options: Keywords): string[] {
  const paths = splitOn(options.get('paths') ?? [], /[,:;]/);
  willHold(4 * paths.length * files.length);
  return paths.length === 0
    ? [...files]
    : paths.flatMap((path) => files.map((name) => joinPaths([path, name])));
}

const firstFound: Lookup = ({ terms, options }) => {
  const asked: readonly Value[] =
    terms.length > 0 ? terms : (sequenceItems(options.get('files') ?? []) ?? []);
  for (const name of asked.flatMap((term) => candidates(term, options))) {
    const path = findPath(name, 'files');
    if (path !== undefined) return [path];
  }
  const skips = asked.some(
    (term) =>
      isMapping(term) && [...mappingItems(term)].some(([key, value]) => key === 'skip' && truth(value)),
  );
  if (skips || flag(options, 'skip', false)) return [];
  throw new AnsibleError('No file was found when using first_found.');
};

const ini: Lookup = ({ terms, options }) =>
  terms.flatMap((term) => {
    const inline = /[= ]/.test(str(term).trim()) ? parseKeyValues(str(term)) : undefined;
    const own: Keywords = inline ? new Map<string, Value>([...options, ...inline]) : options;
    const key = inline ? (inline.get('_raw_params') ?? '') : str(term);
    const name = text(own, 'file', 'ansible.ini');
    const properties = text(own, 'type', 'ini') === 'properties';
    const found = readIni(readData(name, 'files'), {
      key,
      section: properties ? undefined : text(own, 'section', 'global'),
      caseSensitive: flag(own, 'case_sensitive', false),
      regex: flag(own, 're', false),
      allowNoValue: flag(own, 'allow_no_value', flag(own, 'allow_none', false)),
      file: name,
    });
    if (found.length > 0 || flag(own, 're', false)) return found;
    const otherwise = own.get('default') ?? '';
    return otherwise === null ? [] : [otherwise];
  });

const csvfile: Lookup = ({ terms, options }) => {
  if (terms.length === 0) throw new AnsibleError('Search key is required but was not found');
  return terms.flatMap((term) => {
    const fields = parseKeyValues(str(term));
    const key = fields.get('_raw_params');
    if (key === undefined) throw new AnsibleError('Search key is required but was not found');
    const own: Keywords = new Map<string, Value>([...options, ...fields]);
    const delimiter = text(own, 'delimiter', 'TAB');
    const column = (name: string, otherwise: number) => {
      const value = own.get(name) ?? otherwise;
      return Number(asInt(value) ?? asText(value) ?? otherwise);
    };
    const rows = readCsv(
      readData(text(own, 'file', 'ansible.csv'), 'files'),
      delimiter === 'TAB' ? '\t' : delimiter,
    );
    const row = rows.find((cells) => cells.length > 0 && cells[column('keycol', 0)] === key);
    if (!row) {
      const otherwise = own.get('default') ?? null;
      return otherwise === null ? [] : [otherwise];
    }
    const cell = row[column('col', 1)];
    if (cell === undefined) throw new AnsibleError('csvfile: list index out of range');
    return [cell];
  });
};

/** Lookups that read the workspace's texts. */
export const FILE_LOOKUPS: Readonly<Record<string, Lookup>> = {
  file,
  template,
  fileglob,
  first_found: firstFound,
  ini,
  csvfile,
};
