import { extname } from 'node:path';
import { YAML_LIMITS } from '../ansible/yaml/load-yaml.ts';
import { isJson } from '../ansible/yaml/read-json.ts';
import type { Diagnostic, Outcome, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { AnsibleFiles } from './ansible-files.ts';
import { decodeText } from './decode-text.ts';
import { splitAddress } from './host-pattern.ts';
import { readIniInventory } from './ini-inventory.ts';
import type { InventoryDraft } from './inventory-draft.ts';
import { isGiven } from './is-given.ts';
import { stripSpace } from './source-lines.ts';
import { readYamlInventory } from './yaml-inventory.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export interface SourcesRead {
  /** Whether any source was an inventory. */
  readonly parsed: boolean;
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads the sources of a plain Ansible inventory into one draft, in their order, as ansible/inventory/manager.py does
 * with the plugins that are enabled by default: a list of hosts, a file, or a folder of files and folders. What Ansible
 * only warns of is an error here; the draft then holds what Ansible's inventory would. The value is whether any source
 * could be read.
 */
export function readAnsibleSources(
  draft: InventoryDraft,
  files: AnsibleFiles,
  sources: readonly string[],
): Outcome<boolean> {
  const reader = new SourcesReader(draft, files);
  const read = sources.map((source) => reader.source(source));
  return { value: read.includes(true), diagnostics: reader.diagnostics };
}

/** Whether a source is a list of hosts: it holds a comma, and there is no file of that name. */
export function isHostList(files: AnsibleFiles, source: string): boolean {
  return source.includes(',') && files.kind(source) === 'none';
}

/** The files and folders that one inventory may be spread over. */
const MAX_PATHS = 10_000;

/** Names in a folder that are no inventories: IGNORED of ansible/inventory/manager.py, with its defaults. */
const IGNORED =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)|~)$/;

const LEFT_OUT =
  'name the inventory itself; of a folder Ansible leaves out `*.ini`, `*.cfg`, `*.md` and other files of such names';

const YAML_EXTENSIONS: readonly string[] = ['', '.yaml', '.yml', '.json'];

class SourcesReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #draft: InventoryDraft;
  readonly #files: AnsibleFiles;
  /** The folders that are being read, by their real paths. */
  readonly #within = new Set<string>();
  #paths = 0;

  constructor(draft: InventoryDraft, files: AnsibleFiles) {
    this.#draft = draft;
    this.#files = files;
  }

  /** Reads a source; whether it was an inventory. */
  source(source: string): boolean {
    if (isHostList(this.#files, source)) return this.#hostList(source);
    const problems = this.diagnostics.length + this.#files.diagnostics.length;
    // Ansible takes a slash behind the name of a file for nothing.
    const path = this.#files.kind(source) === 'none' ? source.replace(/(?<=[^/])\/+$/, '') : source;
    if (this.#path(path)) return true;
    if (this.diagnostics.length + this.#files.diagnostics.length > problems || this.#draft.isFull)
      return false;
    this.#error(source, `no file of the folder \`${source}\` is an inventory`, LEFT_OUT);
    return false;
  }

  #hostList(source: string): boolean {
    const file = source.length > 80 ? `${source.slice(0, 80)}…` : source;
    const place: Place = { file, line: 1, column: 1 };
    for (const part of source.split(',')) {
      const host = stripSpace(part);
      if (host === '') continue;
      const { address, port } = splitAddress(host);
      if (this.#draft.hasHost(address)) continue;
      const problem = this.#draft.addHosts([address], { group: 'ungrouped', port, place, vars: [] });
      if (problem === undefined) continue;
      this.#error(file, problem);
      return false;
    }
    return true;
  }

  /** Reads a file or a folder; whether anything in it was an inventory. */
  #path(path: string): boolean {
    if (this.#draft.isFull) return false;
    if (++this.#paths > MAX_PATHS) {
      if (this.#paths === MAX_PATHS + 1) {
        this.#error(path, `the inventory is spread over more than ${MAX_PATHS} files and folders`);
      }
      return false;
    }
    if (this.#files.kind(path) !== 'folder') return this.#file(path);
    const real = this.#files.real(path);
    if (this.#within.has(real)) {
      this.#error(path, `the folder \`${path}\` leads back to a folder that it is in`, 'remove the link');
      return false;
    }
    this.#within.add(real);
    const names = this.#files.names(path).filter((name) => !IGNORED.test(name));
    const folder = path.endsWith('/') ? path : `${path}/`;
    const read = names.map((name) => this.#path(folder + name));
    this.#within.delete(real);
    return read.includes(true);
  }

  #file(path: string): boolean {
    const bytes = this.#files.bytes(path);
    if (!bytes) return false;
    if (bytes[0] === 0x23 && bytes[1] === 0x21 && this.#files.isExecutable(path)) {
      return this.#dynamic(path, `\`${path}\` is a program that prints an inventory`);
    }
    const { value: text, diagnostics } = decodeText(path, bytes);
    this.diagnostics.push(...diagnostics);
    if (text === undefined) return false;
    if (text.startsWith('$ANSIBLE_VAULT;')) {
      this.#error(path, `\`${path}\` is encrypted as a whole`, VAULTED);
      return false;
    }
    const extension = extname(path);
    const yaml = YAML_EXTENSIONS.includes(extension) ? readYaml(path, text) : undefined;
    if (yaml?.value && isPluginConfiguration(yaml.value)) {
      return this.#dynamic(path, `\`${path}\` is the configuration of an inventory plugin`);
    }
    const wrongYaml = yaml ? [...yaml.diagnostics] : [];
    if (yaml?.value) {
      const found = this.#attempt(() => readYamlInventory(this.#draft, yaml.value!, 'by any key'));
      wrongYaml.push(...found.diagnostics);
      if (found.complete || this.#draft.isFull) {
        this.diagnostics.push(...wrongYaml);
        return found.complete;
      }
    }
    // Ansible reads it: it must not become the name of one host, as which JSON without spaces would pass.
    if (yaml && !yaml.value && isJson(text, YAML_LIMITS)) {
      this.diagnostics.push(...wrongYaml);
      return false;
    }
    const ini = this.#attempt(() => readIniInventory(this.#draft, path, text));
    if (ini.complete) {
      this.diagnostics.push(...ini.diagnostics);
      return true;
    }
    if (extension === '.toml') return this.#dynamic(path, `\`${path}\` is TOML, which khp does not read`);
    const isYaml = extension === '' ? yaml?.value?.value instanceof Dict : yaml !== undefined;
    this.diagnostics.push(...(isYaml ? wrongYaml : ini.diagnostics));
    return false;
  }

  /** Lets one plugin try; what it read before Ansible stops remains in the draft, as it does in Ansible. */
  #attempt(read: () => Diagnostic[]): { diagnostics: Diagnostic[]; complete: boolean } {
    const diagnostics = read();
    const complete = !this.#draft.isStopped;
    this.#draft.resume();
    return { diagnostics, complete };
  }

  #dynamic(path: string, message: string): false {
    const place: Place = { file: path, line: 1, column: 1 };
    this.diagnostics.push(diagnose('load/dynamic-inventory', { place, message }));
    return false;
  }

  #error(path: string, message: string, hint?: string): void {
    const place: Place = { file: path, line: 1, column: 1 };
    this.diagnostics.push(
      diagnose('load/bad-inventory', { place, message, ...(hint !== undefined && { hint }) }),
    );
  }
}

/** What to do about a file that is encrypted as a whole. */
export const VAULTED = 'encrypt its values one by one, with `ansible-vault encrypt_string`';

function isPluginConfiguration({ value }: YamlSource): boolean {
  return value instanceof Dict && isGiven(value.get('plugin') ?? null);
}
