import type { Host } from '../../runner/host/run/run-once.ts';
import type { Moment } from '../../runner/host/state/state-file.ts';
import { readState } from '../../runner/host/state/store.ts';
import { filesOf, targetOf } from './crash-scenario.ts';
import { filesBelow, linkAt } from './find-faults.ts';

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

/**
 * Why a daemon that starts now would read what is not wholly one promotion's: its files, their modes, its link; undefined
 * where all is of one. What somebody edited by hand is nobody's.
 */
export function mixtureOf({ engine: { rooted } }: Host): string | undefined {
  const files = [...filesBelow(rooted, '/etc')].filter(([path]) => !isBeside(path));
  const target = linkAt(rooted);
  const seq = files.flatMap(([path, { text }]) =>
    path === NUMBERED ? Number(/\d+/.exec(text)?.[0]) : [],
  )[0];
  // Before the first promotion there is nothing.
  const wanted = seq === undefined ? new Map() : filesOf(seq);
  if (target !== (seq === undefined ? undefined : targetOf(seq)))
    return `${seq}, but the link leads to ${target}`;
  const seen = files.map(([path, { text, mode }]) =>
    text.startsWith('by hand') ? path : `${path} ${mode} ${text}`,
  );
  const edited = new Set(seen);
  const all = [...wanted].map(([path, { text, mode }]) =>
    edited.has(path) ? path : `${path} ${mode} ${text}`,
  );
  const differing = [...new Set([...seen, ...all])].filter(
    (one) => !(seen.includes(one) && all.includes(one)),
  );
  return differing.length === 0
    ? undefined
    : `${seq}, but ${differing.map((one) => one.slice(0, 60).trim()).join(', ')}`;
}

/** A file that says of which promotion it is, and that nobody edits. */
const NUMBERED = '/etc/hadoop/conf/hdfs-site.xml';

/** What the daemon reads of its files, by path; nothing of what lies beside them. */
function configurationOf(rooted: Host['engine']['rooted']): ReadonlyMap<string, string> {
  const files = [...filesBelow(rooted, '/etc')].filter(([path]) => !isBeside(path));
  return new Map(files.map(([path, { text }]) => [path, text]));
}

/** Whether a file lies beside those of a promotion: staged, saved, or somebody's own. */
function isBeside(path: string): boolean {
  return /\.khp-|\.editor/.test(path);
}
