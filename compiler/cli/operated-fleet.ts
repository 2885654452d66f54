import type { Settings } from '../1-load/settings.ts';
import type { Person } from '../git/identity.ts';
import type { RefStore } from '../git/ref-store.ts';
import { configStore, workTreeSettings } from './config-repository.ts';
import type { Globals } from './globals.ts';
import { operator } from './operator.ts';
import { type GitWorkspace, gitWorkspace } from './source.ts';

/** What every command that operates a fleet works with. */
export interface OperatedFleet {
  readonly workspace: GitWorkspace;
  /** Of the work tree: a commit does not say itself where things must be, or who may sign. */
  readonly settings: Settings;
  readonly config: RefStore;
  readonly who: Person;
}

/** The fleet of the workspace around a folder, and who operates it; undefined, and told, where khp.yml is wrong. */
export async function operatedFleet({ folder, json }: Globals): Promise<OperatedFleet | undefined> {
  const workspace = await gitWorkspace(folder);
  const settings = workTreeSettings(folder, json);
  if (!settings) return undefined;
  const config = await configStore(workspace, settings);
  return { workspace, settings, config, who: await operator(workspace.repository) };
}
