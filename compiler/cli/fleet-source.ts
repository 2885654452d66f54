import type { SourceFiles } from '../1-load/workspace.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { lackingObject } from '../git/git-error.ts';
import { objectId } from '../git/objects.ts';
import { readObjects } from '../git/read-objects.ts';
import { commitEntries, type GitWorkspace } from './source.ts';
import type { Source } from './work-tree.ts';

/** The files of a workspace by the ids of their contents, which are read when they are asked for. */
export interface FleetSource {
  readonly ids: ReadonlyMap<string, string>;
  /** What was found wrong in listing them. */
  readonly diagnostics: readonly Diagnostic[];
  read(paths: Iterable<string>): Promise<SourceFiles>;
}

/** The workspace as a commit has it. */
export async function fleetOfCommit(workspace: GitWorkspace, commit: string): Promise<FleetSource> {
  const { files: ids, diagnostics } = await commitEntries(workspace, commit);
  const { repository } = workspace;
  const contents = new Map<string, Uint8Array>();
  return {
    ids,
    diagnostics,
    read: async (paths) => {
      const wanted = [...paths].map((path) => [path, ids.get(path)!] as const);
      const names = new Set(wanted.flatMap(([, id]) => (contents.has(id) ? [] : [id])));
      await readObjects({ repository, names }, (object, id) => {
        if (!object?.content) throw lackingObject(id);
        contents.set(id, object.content);
      });
      return new Map(wanted.map(([path, id]) => [path, contents.get(id)!]));
    },
  };
}

/** Files that were read already. */
export function fleetOfFiles({ files, diagnostics }: Source): FleetSource {
  return {
    ids: new Map([...files].map(([path, bytes]) => [path, objectId('blob', bytes)])),
    diagnostics,
    read: async (paths) => new Map([...paths].map((path) => [path, files.get(path)!])),
  };
}

/** All of the workspace as a commit has it. */
export async function commitSource(workspace: GitWorkspace, commit: string): Promise<Source> {
  const { ids, diagnostics, read } = await fleetOfCommit(workspace, commit);
  return { files: await read(ids.keys()), diagnostics };
}
