import { roleOf } from './layout.ts';

/** Whose a file is: one cluster's (`type/cluster`), all clusters' of one type or release, everybody's, or nobody's. */
export type FileScope =
  | { readonly of: 'cluster'; readonly cluster: string; readonly type: string }
  | { readonly of: 'type'; readonly type: string }
  | { readonly of: 'release'; readonly release: string }
  | { readonly of: 'fleet' | 'nobody' };

/** Whose the file at a path is. */
export function scopeOfFile(path: string): FileScope {
  const role = roleOf(path);
  if ('cluster' in role) return { of: 'cluster', cluster: `${role.type}/${role.cluster}`, type: role.type };
  if (role.is === 'release' || role.is === 'notes') return { of: 'release', release: role.name };
  if (role.is === 'type vars') return { of: 'type', type: role.type };
  return { of: role.is === 'ignored' ? 'nobody' : 'fleet' };
}
