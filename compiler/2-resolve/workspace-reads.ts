import type { Component } from '../1-load/component.ts';
import type { Rule } from '../1-load/rule.ts';
import type { Workspace } from '../1-load/workspace.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import { mayReadAny, readsOfText, type VariableReads } from './variable-reads.ts';

/** Which variables are read, and what is told of where: `templates/hdfs/hdfs-site.xml.j2 reads`. */
export interface Reads {
  readonly names: Map<string, string>;
  readonly patterns: RegExp[];
}

/** A value, and the file that it is written in. */
export interface Written {
  readonly file: string;
  readonly value: unknown;
}

/** A text with Jinja in it, and the file that it is written in. */
export interface TextOfFile {
  readonly file: string;
  readonly text: string;
}

/** Every word of ASCII letters in some texts: what is not among these, they do not name. */
export function wordsOf(texts: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const text of texts) for (const word of text.match(/\w+/g) ?? []) words.add(word);
  return words;
}

/** What templates read, and what components declare. */
export function readsOfTemplates({ texts, components }: Workspace): Reads {
  const reads: Reads = { names: new Map(), patterns: [] };
  const settings = new Set(
    [...components.keys()].flatMap((name) => SETTINGS.map((file) => `templates/${name}/${file}`)),
  );
  for (const [file, text] of texts) {
    if (settings.has(file)) continue;
    if (!/\{[{%]|^#jinja2:/.test(text) && !mayReadAny(text)) continue;
    addReads(reads, { file, text }, readsOfText(text, 'file'));
  }
  const all = [...components.values()];
  for (const component of all) addComponent(reads, component);
  for (const { name, declarations } of all) {
    for (const declared of Object.keys(declarations?.content ?? {}))
      addName(reads, declared, `templates/${name}/vars.yml declares`);
  }
  for (const { defaults } of all) {
    for (const name of defaults?.vars.keys() ?? [])
      if (typeof name === 'string') addName(reads, name, `${defaults!.file} sets`);
  }
  return reads;
}

const SETTINGS = ['component.yml', 'defaults.yml', 'vars.yml', 'rules.yml'];

function addComponent(reads: Reads, { name, file, content, defaults, rules }: Component): void {
  addTexts(reads, templatedTexts({ file, value: content }));
  for (const role of Object.values(content.roles)) {
    const looped = [
      ...role.directories,
      ...Object.values(role.init).flatMap((one) => [...one.fills, ...one.needs]),
    ];
    for (const { loop } of looped) if (loop !== undefined) addName(reads, loop, `${file} reads`);
  }
  for (const rule of Object.values(rules?.content ?? {})) {
    const at = `templates/${name}/rules.yml`;
    for (const text of expressionsOf(rule))
      addReads(reads, { file: at, text }, readsOfText(text, 'expression'));
    addTexts(reads, templatedTexts({ file: at, value: rule.fail_msg }));
  }
  if (defaults) addTexts(reads, templatedTexts({ file: defaults.file, value: defaults.vars }));
}

function expressionsOf({ when, max, that, unique, sum }: Rule): string[] {
  const ofRoles = [unique, sum].flatMap((byRole) => Object.values(byRole ?? {}));
  return [when, max, that, ...ofRoles].flat().filter((one) => typeof one === 'string');
}

/** The templates in a value. */
export function templatedTexts({ file, value }: Written): TextOfFile[] {
  const found: TextOfFile[] = [];
  const seen = new Set<object>();
  const visit = (part: unknown): void => {
    if (typeof part === 'string') {
      if (/\{[{%]/.test(part)) found.push({ file, text: part });
      return;
    }
    // An alias may lead back to what holds it.
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof Dict) for (const [, inner] of part as Iterable<[Value, Value]>) visit(inner);
    else if (Array.isArray(part)) part.forEach(visit);
    else if (Object.getPrototypeOf(part) === Object.prototype) Object.values(part).forEach(visit);
  };
  visit(value);
  return found;
}

/** What the templates in values read. */
export function readsOfTexts(texts: readonly TextOfFile[]): Reads {
  const reads: Reads = { names: new Map(), patterns: [] };
  addTexts(reads, texts);
  return reads;
}

function addTexts(reads: Reads, texts: readonly TextOfFile[]): void {
  for (const one of texts) addReads(reads, one, readsOfText(one.text, 'value'));
}

function addReads(to: Reads, { file, text }: TextOfFile, reads: VariableReads | undefined): void {
  if (reads) {
    for (const name of reads.names) addName(to, name, `${file} reads`);
    to.patterns.push(...reads.patterns);
  } else if (mayReadAny(text)) to.patterns.push(/^/);
}

function addName({ names }: Reads, name: string, where: string): void {
  if (!names.has(name)) names.set(name, where);
}
