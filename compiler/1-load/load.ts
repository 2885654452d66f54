import type { Outcome } from '../contract/diagnostic.ts';
import { checkComponents } from './check-components.ts';
import { checkUniqueHosts } from './check-inventory.ts';
import type { Role } from './layout.ts';
import { componentFolders, loadComponents } from './load-components.ts';
import { openSources, readInventories } from './load-inventories.ts';
import { loadReleases } from './load-releases.ts';
import type { SourceReader } from './source-reader.ts';
import type { SourceFiles, Workspace } from './workspace.ts';

/**
 * Reads the files of a workspace: parses all of them and checks what they say of each other. A pure function of the
 * files' bytes. What cannot be read is left out, with a diagnostic; the rest is in the value.
 */
export function load(files: SourceFiles): Outcome<Workspace> {
  const { reader, roles } = openSources(files);
  const folders = componentFolders(roles);
  const components = loadComponents(reader, roles);
  const releases = loadReleases(reader, roles, folders);
  const inventories = readInventories(reader, roles);
  const value: Workspace = {
    ...inventories,
    releases,
    components,
    texts: loadTexts(reader, roles),
    plugins: loadPlugins(reader, roles),
  };
  const diagnostics = [
    ...reader.diagnostics,
    ...checkComponents(components, folders),
    ...checkUniqueHosts(value.clusters),
  ];
  return { value, diagnostics };
}

function loadTexts(reader: SourceReader, roles: ReadonlyMap<string, Role>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, role] of roles) {
    if (!('component' in role)) continue;
    const text = reader.text(path);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** A plugin gives its functions as a mapping of names: every key of one in the file counts. */
function loadPlugins(reader: SourceReader, roles: ReadonlyMap<string, Role>): Map<string, string> {
  const plugins = new Map<string, string>();
  for (const [path, role] of roles) {
    const text = role.is === 'plugin' ? reader.text(path) : undefined;
    for (const [, , name] of text?.matchAll(/(['"])([A-Za-z_]\w*)\1\s*:/g) ?? []) plugins.set(name!, path);
  }
  return plugins;
}
