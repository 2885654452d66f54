import type { Host } from '../../runner/host/run/run-once.ts';
import type { Moment } from '../../runner/host/state/state-file.ts';
import { readState } from '../../runner/host/state/store.ts';
import { filesBelow } from './find-faults.ts';

/** A daemon that was started at a moment, and read what then lay on the disk. */
export interface SimulatedService {
  readonly started: Moment;
  readonly read: ReadonlyMap<string, string>;
}

/** Starts one. */
export function startService({ engine: { rooted, moment } }: Host): SimulatedService {
  const started = moment();
  return { started, read: configurationOf(rooted) };
}

/**
 * Whether it runs on something else than what lies on the disk, and nothing says that it must be restarted. What somebody
 * edited by hand asks for no restart.
 */
export function isRestartLost({ engine: { rooted } }: Host, { started, read }: SimulatedService): boolean {
  const now = configurationOf(rooted);
  const differing = [...new Set([...read.keys(), ...now.keys()])].filter(
    (path) => read.get(path) !== now.get(path),
  );
  if (differing.every((path) => now.get(path)?.startsWith('by hand'))) return false;
  const change = readState(rooted).changes.datanode?.restart;
  return !change || change.boot !== started.boot || started.ticks > change.ticks;
}

/** What the daemon reads of its files, by path; nothing of what lies beside them. */
function configurationOf(rooted: Host['engine']['rooted']): ReadonlyMap<string, string> {
  const files = [...filesBelow(rooted, '/etc')].filter(([path]) => !/\.khp-|\.editor/.test(path));
  return new Map(files.map(([path, { text }]) => [path, text]));
}
