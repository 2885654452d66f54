import type { Settings } from '../1-load/settings.ts';
import { openRefStore, type RefStore } from '../git/ref-store.ts';
import { UsageError } from './console.ts';
import type { GitWorkspace } from './source.ts';

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
