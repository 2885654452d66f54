import { extname } from 'node:path';
import { normalize } from 'node:path/posix';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { AnsibleFiles } from './ansible-files.ts';
import { VAULTED } from './ansible-sources.ts';
import { SourceReader } from './source-reader.ts';
import type { InventoryFile, VarsFile } from './workspace.ts';

/** The variables in `group_vars/` and `host_vars/` of one folder. */
export interface AdjacentVars {
  readonly groups: NamedVars;
  readonly hosts: NamedVars;
}

/** What groups, or hosts, have in the files of one folder. */
export interface NamedVars {
  /** Files by group or host, the lowest first. */
  readonly files: ReadonlyMap<string, readonly VarsFile[]>;
  /** By group or host, a file that could not be read: what the name has is not all there. */
  readonly unread: ReadonlyMap<string, string>;
}

/** A group or a host. */
interface Entity {
  readonly name: string;
  readonly place: Place;
}

/** In the order in which they are tried; the first that exists counts. */
const EXTENSIONS = ['', '.yml', '.yaml', '.json'];

/**
 * Reads what stands beside inventories and playbooks, as Ansible's plugin host_group_vars does: for a name the file or
 * folder `name`, else `name.yml`, `name.yaml` or `name.json`; in a folder all files without or with one of these
 * extensions, in the order of their names, and folders whose names have none.
 */
export class AdjacentVarsReader {
  readonly #files: AnsibleFiles;
  readonly #inventory: InventoryFile;
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #reader = new SourceReader(this.#bytes);
  readonly #known = new Map<string, AdjacentVars>();

  constructor(files: AnsibleFiles, inventory: InventoryFile) {
    this.#files = files;
    this.#inventory = inventory;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#reader.diagnostics;
  }

  /** @param folder empty for the current one */
  of(folder: string): AdjacentVars {
    const real = this.#files.real(folder);
    const known = this.#known.get(real);
    if (known) return known;
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    const { groups, hosts } = this.#inventory;
    const vars = {
      groups: this.#named(`${prefix}group_vars`, groups, 'give the group a name without `..`'),
      hosts: this.#named(`${prefix}host_vars`, hosts, ADDRESS_HINT),
    };
    this.#known.set(real, vars);
    return vars;
  }

  /** @param hint what to do about a name that leads out of the folder */
  #named(folder: string, entities: readonly Entity[], hint: string): NamedVars {
    const result = new Map<string, readonly VarsFile[]>();
    const unread = new Map<string, string>();
    if (this.#files.kind(folder) !== 'folder') return { files: result, unread };
    const present = new Set(this.#files.names(folder));
    for (const entity of entities) {
      const { name } = entity;
      if (name.startsWith('/')) continue;
      const isPath = name.includes('/') || name === '.' || name === '..';
      const candidates = EXTENSIONS.map((extension) => name + extension);
      const path = candidates
        .filter((candidate) => isPath || present.has(candidate))
        .map((candidate) => `${folder}/${candidate}`)
        .find((candidate) => this.#files.kind(candidate) !== 'none');
      if (path === undefined) continue;
      // A name that is a path may lead below the folder, or to all of it, and never out of it.
      if (isPath && normalize(name).split('/')[0] === '..') {
        this.#reader.diagnostics.push(leadsOut(entity, path, hint));
        unread.set(name, path);
        continue;
      }
      const files = this.#files.kind(path) === 'folder' ? this.#below(path, new Set()) : [path];
      const read: VarsFile[] = [];
      for (const file of files) {
        const vars = this.#read(file);
        if (vars) read.push(vars);
        else unread.set(name, file);
      }
      result.set(name, read);
    }
    return { files: result, unread };
  }

  /** @param within the real paths of the folders that it is in */
  #below(folder: string, within: ReadonlySet<string>): string[] {
    const real = this.#files.real(folder);
    if (within.has(real)) {
      const place = { file: folder, line: 1, column: 1 };
      const message = `the folder \`${folder}\` leads back to a folder that it is in`;
      this.#reader.diagnostics.push(
        diagnose('load/unreadable-file', { place, message, hint: 'remove the link' }),
      );
      return [];
    }
    return this.#files.names(folder).flatMap((name) => {
      if (name.startsWith('.') || name.endsWith('~')) return [];
      const path = `${folder}/${name}`;
      const extension = extname(name);
      const kind = this.#files.kind(path);
      if (kind === 'folder' && extension === '') return this.#below(path, new Set([...within, real]));
      return kind === 'file' && EXTENSIONS.includes(extension) ? [path] : [];
    });
  }

  #read(path: string): VarsFile | undefined {
    const bytes = this.#files.bytes(path);
    if (!bytes) return undefined;
    this.#bytes.set(path, bytes);
    if (this.#reader.text(path)?.startsWith('$ANSIBLE_VAULT;')) {
      const place = { file: path, line: 1, column: 1 };
      const message = `\`${path}\` is encrypted as a whole`;
      this.#reader.diagnostics.push(diagnose('load/not-a-mapping', { place, message, hint: VAULTED }));
      return undefined;
    }
    return this.#reader.mapping(path);
  }
}

const ADDRESS_HINT = 'give it a name without `..`; the address of a host goes into `ansible_host`';

/** Whoever writes an inventory could have any file of the machine printed. */
function leadsOut({ name, place }: Entity, path: string, hint: string): Diagnostic {
  const message = `the name \`${name}\` leads Ansible to \`${path}\`, which khp does not read: it is beside the folder of variables`;
  return diagnose('load/bad-inventory', { place, message, hint });
}
