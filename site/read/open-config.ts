import { isAbsolute, join } from 'node:path';
import { AUDIT_REF, BUNDLES_REF, STATUS_REF } from '../../compiler/contract/names.ts';
import { fetchRefs, remoteUrl } from '../../compiler/git/fetch.ts';
import { listRefs } from '../../compiler/git/refs.ts';
import { initRepository, openRepository, type Repository } from '../../compiler/git/repository.ts';

/** Where hosts' refs lie. */
export const HOST_REFS = 'refs/khp/hosts/';

const PREFIXES = [BUNDLES_REF, STATUS_REF, AUDIT_REF, HOST_REFS];

/** A config repository whose objects can be read here, and the refs that speak of the fleet, by name. */
export interface Config {
  readonly repository: Repository;
  readonly refs: ReadonlyMap<string, string>;
}

/**
 * Opens a config repository: a folder as it is; what a url names is fetched into `scratch` first. Throws where there is
 * none.
 */
export async function openConfig(config: string, scratch: string): Promise<Config> {
  const url = remoteUrl(config, process.cwd());
  if (url === undefined) throw new Error(`neither a path nor a url: ${config}`);
  if (isAbsolute(url)) {
    const repository = await openRepository(url);
    return { repository, refs: await listRefs(repository, PREFIXES) };
  }
  const repository = await initRepository(join(scratch, 'config.git'));
  return { repository, refs: await fetchRefs({ repository, url, prefixes: PREFIXES }) };
}
