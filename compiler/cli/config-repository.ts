import type { Settings } from '../1-load/settings.ts';
import { remoteUrl } from '../git/fetch.ts';
import type { RefStore } from '../git/ref-store.ts';
import { UsageError } from './console.ts';
import type { GitWorkspace } from './source.ts';

/** The config repository: `publish.url` of khp.yml, or the workspace's own repository where it says none. */
export function configStore(workspace: GitWorkspace, { publish }: Settings): RefStore {
  return storeOf(workspace, publish.url, 'publish.url');
}

/** The repository that hosts report to: `reports.url` of khp.yml. */
export function reportsStore(workspace: GitWorkspace, { reports }: Settings): RefStore {
  if (!reports) throw new UsageError('khp.yml says no reports.url, the repository that hosts report to');
  return storeOf(workspace, reports.url, 'reports.url');
}

function storeOf({ repository, root }: GitWorkspace, text: string | undefined, name: string): RefStore {
  if (text === undefined) return { repository };
  const url = remoteUrl(text, root);
  if (url === undefined)
    throw new UsageError(`${name} of khp.yml is neither a path nor a url of git: ${JSON.stringify(text)}`);
  return { repository, url };
}
