import { keyText } from '../ansible/values/key-text.ts';
import { UnsafeText } from '../ansible/values/unsafe-text.ts';
import { variableName } from '../ansible/values/variable-name.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { DraftVar } from './host-declaration.ts';
import { expandHostPattern } from './host-pattern.ts';
import type { InventoryDraft } from './inventory-draft.ts';
import { isGiven } from './is-given.ts';
import { loopThroughAll } from './recursive-loop.ts';
import type { YamlSource } from './yaml-source.ts';

/**
 * Reads Ansible's YAML inventory (groups of `hosts`, `children` and `vars`) into a draft. What Ansible stops at is a
 * diagnostic, and so is what it skips with a warning.
 */
export function readYamlInventory(
  draft: InventoryDraft,
  source: YamlSource,
  variables: NamedVariables = 'by text',
): Diagnostic[] {
  const { file, value } = source;
  const reader = new YamlReader(draft, source, variables);
  if (value instanceof Dict && value.size > 0) reader.groups(value);
  else reader.error({ file, line: 1, column: 1 }, 'a YAML inventory is a mapping of groups');
  return reader.diagnostics;
}

/** Which variables are read: those that a template can name, or all, as Ansible does. Of others `by text` tells. */
export type NamedVariables = 'by text' | 'by any key';

const SECTIONS = ['vars', 'children', 'hosts'];

/** The problems after which no more are told. */
const MAX_PROBLEMS = 200;

class YamlReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #draft: InventoryDraft;
  readonly #source: YamlSource;
  readonly #variables: NamedVariables;
  /** What stands for a mapping has no places of its own. */
  readonly #sectionPlaces = new WeakMap<Dict, Place>();

  constructor(draft: InventoryDraft, source: YamlSource, variables: NamedVariables) {
    this.#draft = draft;
    this.#source = source;
    this.#variables = variables;
  }

  /** Something at which Ansible stops to read the file. */
  error(place: Place, message: string, hint?: string): void {
    this.#draft.stop();
    this.#skipped(place, message, hint);
  }

  /** Something that Ansible skips with a warning, or ends with once all is read. */
  #skipped(place: Place, message: string, hint?: string): void {
    if (this.diagnostics.length >= MAX_PROBLEMS) return;
    this.diagnostics.push(
      diagnose('load/bad-inventory', { place, message, ...(hint !== undefined && { hint }) }),
    );
  }

  groups(groups: Dict): void {
    for (const [name, content] of groups) {
      if (this.#draft.isFull) return;
      this.#group(groups, name, content);
    }
  }

  /** Reads one group; its name where it can be a child. */
  #group(groups: Dict, key: Value, content: Value): string | undefined {
    const place = this.#placeOf(groups, key);
    const name = key instanceof UnsafeText ? key.text : key;
    if (name !== key) this.#skipped(place, `group \`${name}\` is tagged !unsafe`, 'remove the tag');
    if (content !== null && !(content instanceof Dict)) {
      this.#skipped(place, `group \`${keyText(name)}\` must be a mapping of hosts, children and vars`);
      return typeof name === 'string' ? name : undefined;
    }
    if (typeof name !== 'string' || name === '') {
      this.error(place, 'a group is named by text: put the name in quotes');
      return undefined;
    }
    const problem = this.#draft.addGroup(name, place);
    if (problem !== undefined) {
      this.error(place, problem);
      return undefined;
    }
    if (content) this.#sections(name, content);
    return name;
  }

  #sections(name: string, content: Dict): void {
    // Ansible looks at all three before it reads any.
    const wrong = SECTIONS.find((key) => content.has(key) && sectionOf(content.get(key)!) === undefined);
    if (wrong !== undefined) {
      this.error(this.#placeOf(content, wrong), `\`${wrong}\` of group \`${name}\` must be a mapping`);
    }
    for (const [key, value] of content) {
      const section = sectionOf(value);
      if (section) this.#sectionPlaces.set(section, this.#placeOf(content, key));
      if (typeof key !== 'string' || !SECTIONS.includes(key)) {
        const message = `unknown key \`${keyText(key)}\` in group \`${name}\`: it takes hosts, children and vars`;
        this.#skipped(this.#placeOf(content, key), message, didYouMean(keyText(key), SECTIONS));
      } else if (section && key === 'vars') this.#groupVars(name, section);
      else if (section && key === 'hosts') this.#hosts(name, section);
      else if (section) this.#children(name, section);
    }
  }

  #groupVars(group: string, section: Dict): void {
    for (const variable of this.#vars(section)) {
      const problem = this.#draft.setGroupVar(group, variable);
      if (problem !== undefined) this.error(variable.place, problem);
    }
  }

  #children(parent: string, section: Dict): void {
    for (const [name, content] of section) {
      if (this.#draft.isFull) return;
      const place = this.#placeOf(section, name);
      const child = this.#group(section, name, content);
      if (child === undefined) {
        // What was only passed over is missing now.
        this.#draft.stop();
        continue;
      }
      const problem = this.#draft.hasGroup(child)
        ? this.#draft.addChild(parent, child)
        : this.#addHostAsChild(parent, child, place);
      if (problem !== undefined) {
        this.error(place, problem);
        continue;
      }
      const loop = loopThroughAll(parent, child);
      if (loop !== undefined) this.#skipped(place, loop);
    }
  }

  // What is no group, because it holds no mapping, may be a host's name.
  #addHostAsChild(group: string, host: string, place: Place): string | undefined {
    if (!this.#draft.hasHost(host)) return `${host} is not a known host nor group`;
    return this.#draft.addHosts([host], { group, port: undefined, place, vars: [] });
  }

  #hosts(group: string, section: Dict): void {
    for (const [key, vars] of section) {
      if (this.#draft.isFull) return;
      const place = this.#placeOf(section, key);
      const pattern = key instanceof UnsafeText ? key.text : key;
      if (pattern !== key) this.#skipped(place, `host \`${pattern}\` is tagged !unsafe`, 'remove the tag');
      if (typeof pattern !== 'string') {
        this.error(place, `Host pattern ${keyText(pattern)} must be a string`, 'put the name in quotes');
        continue;
      }
      const expanded = expandHostPattern(pattern);
      if (typeof expanded === 'string') {
        this.error(place, expanded);
        continue;
      }
      if (!(vars instanceof Dict) && isGiven(vars)) {
        this.error(place, `the variables of \`${pattern}\` must be a mapping`);
      }
      const { hosts, port } = expanded;
      const own = vars instanceof Dict ? this.#vars(vars) : [];
      const problem = this.#draft.addHosts(hosts, { group, port, place, vars: own });
      if (problem !== undefined) this.error(place, problem);
    }
  }

  #vars(vars: Dict): DraftVar[] {
    const { places } = this.#source;
    return [...vars].flatMap(([name, value]) => {
      const place = this.#placeOf(vars, name);
      const named = variableName(name);
      if (named.key === undefined || this.#variables === 'by any key')
        return [{ ...named, value, place, places }];
      this.#skipped(place, `variable ${keyText(name)} is not named by text`, 'put the name in quotes');
      return [];
    });
  }

  #placeOf(container: Dict, key: Value): Place {
    const { places, file } = this.#source;
    return places.of(container, key) ?? this.#sectionPlaces.get(container) ?? { file, line: 1, column: 1 };
  }
}

// Ansible takes a single name for a mapping of that name alone.
function sectionOf(value: Value): Dict | undefined {
  if (value === null) return new Dict();
  if (typeof value === 'string' || value instanceof UnsafeText) return new Dict([[value, null]]);
  return value instanceof Dict ? value : undefined;
}
