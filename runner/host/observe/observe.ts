import { createHash } from 'node:crypto';
import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { MAX_BUNDLE } from '../accept/limits.ts';
import { besideOf, type RootedDisk } from '../apply/folders.ts';
import type { Observation, Observed } from '../plan/observation.ts';
import type { KeyedDigest } from '../secrets/digest-key.ts';
import type { Ledger } from '../state/state-file.ts';
import type { Ownership } from './accounts.ts';

/** Where to look, and who owns what. */
export interface ObserveContext {
  readonly rooted: RootedDisk;
  readonly ownership: Ownership;
  /** Owners by path, where ownership is recorded. */
  readonly ledger: Ledger;
  /** Paths whose bytes are told by a digest under this host's key. */
  readonly keyed?: { readonly paths: ReadonlySet<string>; readonly digest: KeyedDigest } | undefined;
}

/** The digest of a file that no bundle can hold: whoever may write there must not fill the memory. */
const HUGE = 'huge';

/** Looks at paths of the host, following no link. A path that cannot be reached reads as `other`, with the reason. */
export function observe(paths: readonly string[], context: ObserveContext): Observation {
  let mounts: ReadonlySet<string> | undefined;
  const isMountpoint = (path: string): boolean => {
    mounts ??= mountpoints();
    return mounts.has(join(context.rooted.root, path));
  };
  return new Map(
    paths.map((path): [string, Observed] => {
      const seen = lookAt(path, context);
      return [path, seen.kind === 'directory' ? { ...seen, mountpoint: isMountpoint(path) } : seen];
    }),
  );
}

function lookAt(path: string, context: ObserveContext): Observed {
  const { rooted } = context;
  let reached = false;
  try {
    return besideOf(rooted, path, (folder, name) => {
      reached = true;
      const stats = rooted.disk.look(folder, name);
      if (!stats) return { kind: 'none' };
      if (stats.isFile()) {
        const isHuge = stats.size > MAX_BUNDLE;
        const sha256 = isHuge ? HUGE : digest(path, context, rooted.disk.readFile(folder, name));
        return { kind: 'file', sha256, ...attributes(path, stats, context) };
      }
      if (stats.isDirectory())
        return { kind: 'directory', mountpoint: false, ...attributes(path, stats, context) };
      if (stats.isSymbolicLink()) return { kind: 'link', target: rooted.disk.readLink(folder, name) };
      return { kind: 'other', what: 'a device, pipe or socket' };
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (!reached && code === 'ENOENT') return { kind: 'none' };
    if (!reached && (code === 'ENOTDIR' || code === 'ELOOP')) {
      return { kind: 'other', what: 'below a symbolic link or a file, something that is not followed' };
    }
    // A file may vanish between two looks.
    if (code === 'ENOENT') return { kind: 'none' };
    return { kind: 'other', what: `something that cannot be read (${code === 'EIO' ? message : code})` };
  }
}

function digest(path: string, { keyed }: ObserveContext, bytes: Buffer): string {
  return keyed?.paths.has(path) ? keyed.digest(bytes) : createHash('sha256').update(bytes).digest('hex');
}

function attributes(
  path: string,
  { mode, uid, gid }: Stats,
  { ownership, ledger }: ObserveContext,
): { mode: string; owner: string; group: string } {
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  if (ownership.kind === 'record') {
    const recorded = ledger[path];
    return { mode: octal, owner: recorded?.owner ?? String(uid), group: recorded?.group ?? String(gid) };
  }
  const { accounts } = ownership;
  return { mode: octal, owner: accounts.userName(uid), group: accounts.groupName(gid) };
}

/** The mount points that this process sees; see proc(5), mountinfo. */
export function mountpoints(): ReadonlySet<string> {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const unescaped = (path: string): string =>
    path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return new Set(lines.filter((line) => line !== '').map((line) => unescaped(line.split(' ')[4]!)));
}
