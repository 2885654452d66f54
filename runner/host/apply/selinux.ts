import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import type { Labelled } from './disk.ts';

/** Whether this kernel labels files; see selinux(8). */
export function isLabelled(): boolean {
  return existsSync('/sys/fs/selinux/enforce');
}

/** What matchpathcon calls them: a policy may have another label for a link than for a file of its path. */
const TYPES = { file: 'file', folder: 'dir', link: 'lnk_file' } as const;

/**
 * Gives something new the label of the file or link that it is to replace or, where there is none, the one that the policy
 * has for its path. Node cannot set extended attributes, so chcon, stat and matchpathcon do; without matchpathcon it keeps
 * the label that its directory gave it, and so it does on a file system that keeps none (NFS). No link is followed. Throws a
 * system error where chcon fails otherwise: a daemon that may not read its file must not get it.
 */
export function setLabel(
  made: string,
  { existing, path, kind }: Pick<Labelled, 'path' | 'kind'> & { readonly existing: string },
): void {
  const label = labelOf(existing, kind) ?? policyLabel(path, kind);
  if (label === undefined) return;
  const { status, stderr, error } = spawnSync('chcon', ['-h', label, '--', seen(made)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    timeout: 10_000,
  });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  if (why.endsWith('Operation not supported')) return;
  throw Object.assign(new Error(`chcon ${path}: ${why}`), { code: 'ELABEL', syscall: 'chcon' });
}

/** A path as a child sees it: the directory is open in this process, not in that. */
function seen(path: string): string {
  return path.replace('/proc/self/', `/proc/${process.pid}/`);
}

/** The label of what is to be replaced; undefined where that is nothing of the kind, or has none. */
function labelOf(existing: string, kind: Labelled['kind']): string | undefined {
  const found = lstatSync(existing, { throwIfNoEntry: false });
  const isReplaced = (kind === 'file' && found?.isFile()) || (kind === 'link' && found?.isSymbolicLink());
  return isReplaced ? answerOf('stat', ['-c', '%C', '--', seen(existing)]) : undefined;
}

function policyLabel(path: string, kind: Labelled['kind']): string | undefined {
  return answerOf('matchpathcon', ['-n', '-m', TYPES[kind], path]);
}

function answerOf(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  const label = stdout?.trim();
  return status === 0 && label !== '' && label !== '?' && label !== '<<none>>' ? label : undefined;
}

/** Gives a whole folder the labels that the policy has for its paths. Without restorecon it keeps those of its directory. */
export function restoreLabels(folder: string): void {
  spawnSync('restorecon', ['-R', '--', folder], { stdio: 'ignore', timeout: 600_000 });
}
