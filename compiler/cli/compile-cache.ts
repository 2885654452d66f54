import { join } from 'node:path';
import { CompileCache } from '../5-publish/compile-cache.ts';
import { remark } from './console.ts';
import type { GitWorkspace } from './source.ts';

/** Where the results of compiles are kept: below the git directory, where only who owns it writes. */
export function compileCache({ repository }: GitWorkspace): CompileCache {
  const folder = join(repository.gitDir, 'khp', 'cache');
  const cache = new CompileCache(folder);
  if (cache.isForeign())
    remark(`khp: others may write ${folder}, so nothing of it is read: chown it to yourself, chmod go-w it`);
  return cache;
}
