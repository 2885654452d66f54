import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { byName } from './by-name.ts';
import { checkComponents } from './check-components.ts';
import { checkUniqueHosts } from './check-inventory.ts';
import { checkSchema } from './check-schema.ts';
import { type Role, roleOf, SETTINGS_FILE } from './layout.ts';
import { loadClusters } from './load-clusters.ts';
import { componentFolders, loadComponents } from './load-components.ts';
import { checkReleases, loadReleases } from './load-releases.ts';
import { Settings } from './settings.ts';
import { SourceReader } from './source-reader.ts';
import type { SourceFiles, VarsFile, Workspace } from './workspace.ts';

/**
 * Reads the files of a workspace: parses all of them and checks what they say of each other. A pure function of the
 * files' bytes. What cannot be read is left out, with a diagnostic; the rest is in the value.
 */
export function load(files: SourceFiles): Outcome<Workspace> {
  const all = [...files.keys()].sort().map((path) => [path, roleOf(path)] as const);
  const roles = new Map(all.filter(([, role]) => role.is !== 'ignored'));
  const reader = new SourceReader(new Map([...roles.keys()].map((path) => [path, files.get(path)!])));
  for (const [path, role] of roles) reader.diagnostics.push(...unreadProblems(path, role));
  const folders = componentFolders(roles);
  const components = loadComponents(reader, roles);
  const clusters = loadClusters(reader, roles);
  const releases = loadReleases(reader, roles, folders);
  const releaseFiles = [...roles.values()].flatMap((role) => (role.is === 'release' ? [role.name] : []));
  checkReleases(reader, clusters, new Set(releaseFiles));
  const value: Workspace = {
    settings: loadSettings(reader),
    fleetVars: reader.vars('inventories/_default.yml'),
    typeVars: loadTypeVars(reader, roles),
    clusters,
    releases,
    components,
    texts: loadTexts(reader, roles),
    plugins: loadPlugins(reader, roles),
  };
  const diagnostics = [
    ...reader.diagnostics,
    ...checkComponents(components, folders),
    ...checkUniqueHosts(clusters),
  ];
  return { value, diagnostics };
}

function unreadProblems(path: string, role: Role): Diagnostic[] {
  const place = { file: path, line: 1, column: 1 };
  if (role.is === 'badly named') {
    const message = `\`${role.name}\` cannot be a name`;
    return [diagnose('load/bad-name', { place, message })];
  }
  if (role.is !== 'unexpected') return [];
  const hint = role.hint !== undefined && { hint: role.hint };
  return role.settings
    ? [
        diagnose('load/misnamed-file', {
          place,
          message: `nothing reads the settings in \`${path}\``,
          ...hint,
        }),
      ]
    : [diagnose('load/unexpected-file', { place, message: `nothing reads \`${path}\``, ...hint })];
}

function loadSettings(reader: SourceReader): Settings {
  const source = reader.yaml(SETTINGS_FILE);
  return (source && reader.take(checkSchema(Settings, source))) ?? Settings.parse({});
}

function loadTypeVars(reader: SourceReader, roles: ReadonlyMap<string, Role>): Map<string, VarsFile> {
  const result = new Map<string, VarsFile>();
  for (const [path, role] of roles) {
    const vars = role.is === 'type vars' ? reader.vars(path) : undefined;
    if (role.is === 'type vars' && vars) result.set(role.type, vars);
  }
  return byName(result);
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
