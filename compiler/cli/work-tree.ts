import { findWorkspace, readWorkTree } from '../1-load/read-files.ts';
import type { SourceFiles } from '../1-load/workspace.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { UsageError } from './console.ts';

/** The files that a command compiles, and what was found wrong in reading them. */
export interface Source {
  readonly files: SourceFiles;
  readonly diagnostics: readonly Diagnostic[];
}

/** The root of the workspace around a folder. */
export function workspaceRoot(folder: string): string {
  const root = findWorkspace(folder);
  if (root) return root;
  throw new UsageError(`${folder} is not in a workspace: no khp.yml and no inventories/ here or above`);
}

/** The workspace as it lies in the work tree: all of it, or khp.yml and some of its folders. */
export function workTreeSource(folder: string, folders?: readonly string[]): Source {
  const { value, diagnostics } = readWorkTree(workspaceRoot(folder), folders);
  return { files: value, diagnostics };
}
