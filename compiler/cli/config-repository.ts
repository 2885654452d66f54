import { SETTINGS_FILE } from '../1-load/layout.ts';
import { load } from '../1-load/load.ts';
import type { Settings } from '../1-load/settings.ts';
import { openRefStore, type RefStore } from '../git/ref-store.ts';
import { UsageError } from './console.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import type { GitWorkspace } from './source.ts';
import { workTreeSource } from './work-tree.ts';

/** khp.yml of the work tree, which says where the repositories are; undefined, and told, where it is wrong. */
export function workTreeSettings(folder: string, json: boolean): Settings | undefined {
  const { files, diagnostics: reading } = workTreeSource(folder);
  const { value, diagnostics } = load(new Map([...files].filter(([path]) => path === SETTINGS_FILE)));
  const problems = [...reading.filter(({ place }) => place?.file === SETTINGS_FILE), ...diagnostics];
  if (!hasErrors(problems)) return value.settings;
  tellDiagnostics(problems, files, json);
  return undefined;
}

/** The config repository: `publish.url` of khp.yml, or the workspace's own repository where it says none. */
export function configStore(workspace: GitWorkspace, { publish }: Settings): Promise<RefStore> {
  return storeOf(workspace, publish.url, 'publish.url');
}

/** The repository that hosts report to: `reports.url` of khp.yml. */
export function reportsStore(workspace: GitWorkspace, { reports }: Settings): Promise<RefStore> {
  if (!reports) throw new UsageError('khp.yml says no reports.url, the repository that hosts report to');
  return storeOf(workspace, reports.url, 'reports.url');
}

async function storeOf(
  { repository, root }: GitWorkspace,
  url: string | undefined,
  name: string,
): Promise<RefStore> {
  const store = await openRefStore({ workspace: repository, root, url });
  if (store) return store;
  throw new UsageError(`${name} of khp.yml is neither a path nor a url of git: ${JSON.stringify(url)}`);
}
