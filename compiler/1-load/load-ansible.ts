import { dirname } from 'node:path';
import type { Outcome } from '../contract/diagnostic.ts';
import { type AdjacentVars, AdjacentVarsReader } from './adjacent-vars.ts';
import { AnsibleFiles } from './ansible-files.ts';
import { isHostList, readAnsibleSources } from './ansible-sources.ts';
import { InventoryDraft } from './inventory-draft.ts';
import type { InventoryFile, SourceFiles } from './workspace.ts';

/** What `ansible-inventory` is asked to read. Paths are taken from `folder`. */
export interface AnsibleRequest {
  readonly folder: string;
  /** Files, folders and lists of hosts, in the order of `-i`. */
  readonly sources: readonly string[];
  /** Where group_vars/ and host_vars/ of the playbook stand; `folder` itself where undefined, as in Ansible. */
  readonly playbookDir: string | undefined;
}

/** A plain Ansible inventory, with no workspace around it. */
export interface AnsibleInventory {
  readonly inventory: InventoryFile;
  /** What stands beside each source, in their order. */
  readonly besideSources: readonly AdjacentVars[];
  readonly besidePlaybook: AdjacentVars;
  /** Every file that was read, by its path as the user wrote it. */
  readonly files: SourceFiles;
}

/** Reads a plain Ansible inventory: every file that Ansible reads, in its order. */
export function loadAnsible({ folder, sources, playbookDir }: AnsibleRequest): Outcome<AnsibleInventory> {
  const files = new AnsibleFiles(folder);
  const draft = new InventoryDraft(sources[0] ?? '');
  const reading = readAnsibleSources(draft, files, sources);
  const inventory = draft.finish();
  const adjacent = new AdjacentVarsReader(files, inventory);
  const folders = sources.filter((source) => !isHostList(files, source));
  const besideSources = folders.map((source) =>
    adjacent.of(files.kind(source) === 'folder' ? source : folderOf(source)),
  );
  const besidePlaybook = adjacent.of(playbookDir ?? '');
  return {
    value: { inventory, besideSources, besidePlaybook, files: files.read },
    diagnostics: [...files.diagnostics, ...reading, ...adjacent.diagnostics],
  };
}

function folderOf(path: string): string {
  return path.includes('/') ? dirname(path) : '';
}
