import { type HostToken, parseIniValue, splitHostLine } from '../ansible/ini.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { SPACE } from '../jinja/values/text.ts';
import type { DraftVar } from './host-declaration.ts';
import { expandIniPattern } from './host-pattern.ts';
import type { InventoryDraft } from './inventory-draft.ts';
import { loopThroughAll } from './recursive-loop.ts';
import { eachLine, type SourceLine, stripSpace } from './source-lines.ts';

/**
 * Reads an Ansible INI inventory into a draft: sections of hosts, `:children` and `:vars`, comments, ranges, aliases.
 * Every line that Ansible would stop at is a diagnostic, with Ansible's words, and the reading goes on at the next one.
 */
export function readIniInventory(draft: InventoryDraft, file: string, text: string): Diagnostic[] {
  const reader = new IniReader(draft, file);
  eachLine(reader.withoutMark(text), (line) => reader.line(line));
  reader.end();
  return reader.diagnostics;
}

// Python's white space, which a byte order mark is none of.
const SECTION = new RegExp(`^\\[([^:\\]${SPACE}]+)(?::([\\p{L}\\p{N}_]+))?\\][${SPACE}]*(?:#.*)?$`, 'u');
/** What most section lines are; other lines are tried as sections of any form. */
const PLAIN_SECTION = /^\[([\w.-]+)(?::(children|vars))?\]$/;
const GROUP_NAME = new RegExp(`^([^:\\]${SPACE}]+)[${SPACE}]*(?:#.*)?$`, 'u');

/** The errors after which no more are looked for. */
const MAX_PROBLEMS = 200;
/** UTF-16 code units of one line. */
const MAX_LINE = 1024 * 1024;

const VALUE_HINT =
  'Python takes it for a value of its own; put a text or a template in quotes: key="{{ … }}"';
const HOST_VALUE_HINT = `Python takes it for a value of its own; put a text or a template in quotes twice: key='"{{ … }}"'`;

/** A group that was named, but not declared yet. */
interface Pending {
  readonly kind: 'vars' | 'children';
  readonly place: Place;
  readonly parents: string[];
}

class IniReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #draft: InventoryDraft;
  readonly #file: string;
  readonly #pending = new Map<string, Pending>();
  #problems = 0;
  #group = 'ungrouped';
  /** `skip` below a section that cannot be read: its lines would go to the wrong group. */
  #kind: 'hosts' | 'children' | 'vars' | 'skip' = 'hosts';

  constructor(draft: InventoryDraft, file: string) {
    this.#draft = draft;
    this.#file = file;
  }

  /** The text without a byte order mark, which Ansible reads as the first character of the first line. */
  withoutMark(text: string): string {
    if (!text.startsWith('\ufeff')) return text;
    const place = { file: this.#file, line: 1, column: 1 };
    const hint = 'save the file as UTF-8 without a byte order mark';
    this.#problem(place, 'the file begins with a byte order mark', hint);
    return text.slice(1);
  }

  line(line: SourceLine): void {
    const { text } = line;
    if (this.#draft.isFull || this.#problems >= MAX_PROBLEMS) return;
    if (text === '' || text.startsWith('#') || text.startsWith(';')) return;
    if (text.length > MAX_LINE) {
      this.#error(line, `the line has more than ${MAX_LINE} characters`);
      return;
    }
    const section = text.startsWith('[') ? (PLAIN_SECTION.exec(text) ?? SECTION.exec(text)) : null;
    if (section) this.#section(section[1]!, section[2] ?? 'hosts', line);
    else if (text.startsWith('[') && text.endsWith(']')) {
      this.#kind = 'skip';
      const hint = 'no spaces and no other invalid characters may stand in the brackets';
      this.#error(line, `Invalid section entry: '${text}'`, hint);
    } else if (this.#kind === 'hosts') this.#hostLine(line);
    else if (this.#kind === 'vars') this.#varLine(line);
    else if (this.#kind === 'children') this.#childLine(line);
  }

  /** Reports the groups that were named and never declared. */
  end(): void {
    if (this.#draft.isFull) return;
    for (const [name, { kind, place, parents }] of this.#pending) {
      if (this.#problems >= MAX_PROBLEMS) return;
      const message =
        kind === 'vars'
          ? `Section [${name}:vars] not valid for undefined group: ${name}`
          : `Section [${parents.at(-1)}:children] includes undefined group: ${name}`;
      this.#problem(place, message, `declare the group with a section [${name}]`);
    }
  }

  #section(name: string, kind: string, line: SourceLine): void {
    if (kind !== 'hosts' && kind !== 'children' && kind !== 'vars') {
      this.#kind = 'skip';
      this.#error(
        line,
        `Section [${name}:${kind}] has unknown type: ${kind}`,
        'the types are `children` and `vars`',
      );
      return;
    }
    const place = this.#placeIn(line, 1, 1 + name.length);
    const isNew = !this.#draft.hasGroup(name);
    const problem = this.#draft.addGroup(name, place);
    if (problem !== undefined) {
      this.#error(line, problem);
      return;
    }
    this.#group = name;
    this.#kind = kind;
    const pending = this.#pending.get(name);
    if (isNew && kind === 'vars' && !pending) this.#pending.set(name, { kind, place, parents: [] });
    if (kind === 'vars' || !this.#pending.has(name)) return;
    this.#pending.delete(name);
    for (const parent of pending?.parents ?? []) this.#addChild(parent, name, pending!.place);
  }

  #hostLine(line: SourceLine): void {
    const split = splitHostLine(line.text);
    if (!split.ok) {
      const hint = 'close the quote; for a quote that is a part of the value write a backslash before it';
      this.#error(line, `Error parsing host definition '${line.text}': ${split.message}`, hint);
      return;
    }
    const [pattern, ...assignments] = split.tokens;
    if (!pattern) return;
    const place = this.#placeIn(line, pattern.start, pattern.end);
    const expanded = expandIniPattern(pattern.text);
    if (typeof expanded === 'string') {
      const hint = 'a range is [1:20], [01:20] or [a:f], perhaps with a step: [1:20:2]';
      this.#problem(place, expanded, hint);
      return;
    }
    const { hosts, port } = expanded;
    if (hosts.length === 0 && this.diagnostics.length < MAX_PROBLEMS) {
      const message = `range \`${pattern.text}\` ends before it begins, so it stands for no host`;
      this.diagnostics.push(diagnose('load/empty-range', { place, message }));
    }
    const vars = this.#assignments(line, assignments);
    const problem = this.#draft.addHosts(hosts, { group: this.#group, port, place, vars });
    if (problem !== undefined) this.#problem(place, problem);
  }

  /** The assignments up to the first word that is none; Ansible stops there too. */
  #assignments(line: SourceLine, tokens: readonly HostToken[]): DraftVar[] {
    const vars: DraftVar[] = [];
    for (const { text, start, end } of tokens) {
      const at = text.indexOf('=');
      const place = this.#placeIn(line, start, end);
      if (at === -1) {
        const message = `Expected key=value host variable assignment, got: ${text}`;
        const hint = 'write key=value; a value that holds spaces stands in quotes';
        this.#problem(place, message, hint);
        break;
      }
      const read = parseIniValue(text.slice(at + 1));
      if (!read.ok) {
        this.#problem(place, `the value of ${text} cannot be read: ${read.message}`, HOST_VALUE_HINT);
        break;
      }
      const tooMany = this.#draft.addValues(read.values);
      if (tooMany !== undefined) {
        this.#problem(place, tooMany);
        break;
      }
      vars.push({ name: text.slice(0, at), value: read.value, place });
    }
    return vars;
  }

  #varLine(line: SourceLine): void {
    const at = line.text.indexOf('=');
    if (at === -1) {
      this.#error(line, `Expected key=value, got: ${line.text}`);
      return;
    }
    const name = stripSpace(line.text.slice(0, at));
    const read = parseIniValue(stripSpace(line.text.slice(at + 1)));
    if (!read.ok) {
      this.#error(line, `the value of ${line.text} cannot be read: ${read.message}`, VALUE_HINT);
      return;
    }
    const place = this.#placeIn(line, 0, line.text.length);
    const problem =
      this.#draft.addValues(read.values) ??
      this.#draft.setGroupVar(this.#group, { name, value: read.value, place });
    if (problem !== undefined) this.#error(line, problem);
  }

  #childLine(line: SourceLine): void {
    const child = /^[\w.-]+$/.test(line.text) ? line.text : GROUP_NAME.exec(line.text)?.[1];
    if (child === undefined) {
      this.#error(line, `Expected group name, got: ${line.text}`);
      return;
    }
    const place = this.#placeIn(line, 0, child.length);
    const pending = this.#pending.get(child);
    if (this.#draft.hasGroup(child)) this.#addChild(this.#group, child, place);
    else if (pending) pending.parents.push(this.#group);
    else this.#pending.set(child, { kind: 'children', place, parents: [this.#group] });
  }

  #addChild(parent: string, child: string, place: Place): void {
    const problem = this.#draft.addChild(parent, child);
    if (problem !== undefined) {
      this.#problem(place, problem, 'take one of the two out of the children of the other');
      return;
    }
    const loop = loopThroughAll(parent, child);
    if (loop !== undefined) this.#report(place, loop);
  }

  #error(line: SourceLine, message: string, hint?: string): void {
    this.#problem(this.#placeIn(line, 0, line.text.length), message, hint);
  }

  #problem(place: Place, message: string, hint?: string): void {
    this.#draft.stop();
    this.#report(place, message, hint);
  }

  #report(place: Place, message: string, hint?: string): void {
    this.#problems++;
    const shown = message.length > 400 ? `${message.slice(0, 200)} … ${message.slice(-150)}` : message;
    this.diagnostics.push(
      diagnose('load/bad-ini', { place, message: shown, ...(hint !== undefined && { hint }) }),
    );
  }

  /** @param start index in the line's text */
  #placeIn({ line, column }: SourceLine, start: number, end: number): Place {
    return { file: this.#file, line, column: column + start, endLine: line, endColumn: column + end };
  }
}
