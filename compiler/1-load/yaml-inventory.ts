import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import { expandHostPattern } from './host-pattern.ts';
import type { DraftVar, InventoryDraft } from './inventory-draft.ts';
import type { YamlSource } from './yaml-source.ts';

/**
 * Reads Ansible's YAML inventory (groups of `hosts`, `children` and `vars`) into a draft. What Ansible stops at is a
 * diagnostic, and so is what it skips with a warning.
 */
export function readYamlInventory(draft: InventoryDraft, source: YamlSource): Diagnostic[] {
  const { file, value } = source;
  const reader = new YamlReader(draft, source);
  if (value instanceof Dict && value.size > 0) reader.groups(value);
  else reader.error({ file, line: 1, column: 1 }, 'a YAML inventory is a mapping of groups');
  return reader.diagnostics;
}

const SECTIONS = ['hosts', 'children', 'vars'];

class YamlReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #draft: InventoryDraft;
  readonly #source: YamlSource;

  constructor(draft: InventoryDraft, source: YamlSource) {
    this.#draft = draft;
    this.#source = source;
  }

  error(place: Place, message: string, hint?: string): void {
    this.diagnostics.push(
      diagnose('load/bad-inventory', { place, message, ...(hint !== undefined && { hint }) }),
    );
  }

  groups(groups: Dict): string[] {
    const names: string[] = [];
    for (const [name, content] of groups) {
      if (this.#draft.isFull) break;
      const place = this.#placeOf(groups, name);
      if (typeof name !== 'string' || name === '') {
        this.error(place, 'a group is named by text: put the name in quotes');
      } else if (content !== null && !(content instanceof Dict)) {
        this.error(place, `group \`${name}\` must be a mapping of hosts, children and vars`);
      } else {
        const problem = this.#draft.addGroup(name, place);
        if (problem !== undefined) {
          this.error(place, problem);
          break;
        }
        names.push(name);
        if (content) this.#group(name, content);
      }
    }
    return names;
  }

  #group(name: string, content: Dict): void {
    for (const [key, value] of content) {
      const place = this.#placeOf(content, key);
      const section = sectionOf(value);
      if (typeof key !== 'string' || !SECTIONS.includes(key)) {
        const hint = didYouMean(String(key), SECTIONS);
        this.error(
          place,
          `unknown key \`${String(key)}\` in group \`${name}\`: it takes hosts, children and vars`,
          hint,
        );
      } else if (section === undefined) {
        this.error(place, `\`${key}\` of group \`${name}\` must be a mapping`);
      } else if (key === 'vars') {
        for (const variable of this.#vars(section)) {
          const problem = this.#draft.setGroupVar(name, variable);
          if (problem !== undefined) this.error(variable.place, problem);
        }
      } else if (key === 'hosts') this.#hosts(name, section);
      else this.#children(name, section);
    }
  }

  #children(parent: string, section: Dict): void {
    for (const child of this.groups(section)) {
      const problem = this.#draft.addChild(parent, child);
      if (problem !== undefined) this.error(this.#placeOf(section, child), problem);
    }
  }

  #hosts(group: string, section: Dict): void {
    for (const [pattern, vars] of section) {
      const place = this.#placeOf(section, pattern);
      if (typeof pattern !== 'string') {
        this.error(place, `Host pattern ${String(pattern)} must be a string`, 'put the name in quotes');
        continue;
      }
      const expanded = expandHostPattern(pattern);
      if (typeof expanded === 'string') {
        this.error(place, expanded);
        continue;
      }
      if (vars !== null && !(vars instanceof Dict)) {
        this.error(place, `the variables of \`${pattern}\` must be a mapping`);
      }
      const { hosts, port } = expanded;
      const own = vars instanceof Dict ? this.#vars(vars) : [];
      const problem = this.#draft.addHosts(hosts, { group, port, place, vars: own });
      if (problem !== undefined) this.error(place, problem);
      if (this.#draft.isFull) return;
    }
  }

  #vars(vars: Dict): DraftVar[] {
    const { places } = this.#source;
    return [...vars].flatMap(([name, value]) => {
      const place = this.#placeOf(vars, name);
      if (typeof name === 'string') return [{ name, value, place, places }];
      this.error(place, `variable ${String(name)} is not named by text`, 'put the name in quotes');
      return [];
    });
  }

  #placeOf(container: Dict, key: Value): Place {
    return this.#source.places.of(container, key) ?? { file: this.#source.file, line: 1, column: 1 };
  }
}

// Ansible takes a single name for a mapping of that name alone.
function sectionOf(value: Value): Dict | undefined {
  if (value === null) return new Dict();
  if (typeof value === 'string') return new Dict([[value, null]]);
  return value instanceof Dict ? value : undefined;
}
