import type { AcceptPolicy } from '../accept/verdict.ts';
import type { HostSettings } from './read-config.ts';
import { reservedPaths } from './runner-config.ts';

/** What this host takes, by its settings. */
export function acceptPolicy({ config, host }: Pick<HostSettings, 'config' | 'host'>): AcceptPolicy {
  const { paths, users, min_seq: minSeq } = config;
  return { host, paths, reserved: reservedPaths(config), users, minSeq };
}
