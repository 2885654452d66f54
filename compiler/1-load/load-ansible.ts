import { dirname } from 'node:path';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { type AdjacentVars, AdjacentVarsReader } from './adjacent-vars.ts';
import { AnsibleFiles } from './ansible-files.ts';
import { isHostList, readAnsibleSources } from './ansible-sources.ts';
import { hostsInNoGroup, hostsNamedAsGroups } from './check-inventory.ts';
import { InventoryDraft } from './inventory-draft.ts';
import { unreportedLoop } from './recursive-loop.ts';
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
  /** Whether the folder of the playbook was named; if not, hosts alone have what stands there, as in Ansible. */
  readonly hasPlaybook: boolean;
  /** The error after which Ansible prints nothing. */
  readonly fatal: string | undefined;
  /** Every file that was read, by its path as the user wrote it. */
  readonly files: SourceFiles;
}

/** Reads a plain Ansible inventory: every file that Ansible reads, in its order. */
export function loadAnsible({ folder, sources, playbookDir }: AnsibleRequest): Outcome<AnsibleInventory> {
  const files = new AnsibleFiles(folder);
  const draft = new InventoryDraft(sources[0] ?? '');
  const { value: parsed, diagnostics: reading } = readAnsibleSources(draft, files, sources);
  const problem = draft.problem();
  // Of what is too large an error tells; a part of it would help nobody.
  const isTooLarge = draft.isFull || problem !== undefined;
  const readable = isTooLarge ? new InventoryDraft(sources[0] ?? '') : draft;
  const inventory = parsed ? readable.finish() : readable.finishUnparsed();
  const adjacent = new AdjacentVarsReader(files, inventory);
  const folders = sources.filter((source) => !isHostList(files, source));
  const besideSources = folders.map((source) =>
    adjacent.of(files.kind(source) === 'folder' ? source : folderOf(source)),
  );
  const hasPlaybook = playbookDir !== undefined;
  const besidePlaybook = adjacent.of(playbookDir ?? '');
  return {
    value: {
      inventory,
      besideSources,
      besidePlaybook,
      hasPlaybook,
      fatal: readable.fatal,
      files: files.read,
    },
    diagnostics: [
      ...files.diagnostics,
      ...reading,
      ...tooDeep(inventory.file, problem),
      // Ansible goes on with them.
      ...[...hostsNamedAsGroups(inventory), ...hostsInNoGroup(inventory)].map(
        (one): Diagnostic => ({ ...one, severity: 'warning' }),
      ),
      ...unreportedLoop(inventory.file, readable.fatal, reading),
      ...adjacent.diagnostics,
    ],
  };
}

function tooDeep(file: string, message: string | undefined): Diagnostic[] {
  const place = { file, line: 1, column: 1 };
  return message === undefined ? [] : [diagnose('load/bad-inventory', { place, message })];
}

function folderOf(path: string): string {
  return path.includes('/') ? dirname(path) : '';
}
