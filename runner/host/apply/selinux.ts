import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';

/** Whether this kernel labels files; see selinux(8). */
export function isLabelled(): boolean {
  return existsSync('/sys/fs/selinux/enforce');
}

/**
 * Gives a file the label of the one that it is to replace or, where there is none, the one that the policy has for its
 * path. Node cannot set extended attributes, so chcon and matchpathcon do; without matchpathcon a new file keeps the label
 * of its directory's files. Throws a system error where chcon fails: a daemon that may not read its file must not get it.
 */
export function setLabel(
  file: string,
  { existing, path }: { readonly existing: string; readonly path: string },
): void {
  const isThere = lstatSync(existing, { throwIfNoEntry: false })?.isFile() ?? false;
  const label = isThere ? undefined : policyLabel(path);
  if (!isThere && label === undefined) return;
  // The directory is open in this process, not in the child.
  const seen = (name: string): string => name.replace('/proc/self/', `/proc/${process.pid}/`);
  const from = isThere ? `--reference=${seen(existing)}` : label!;
  const { status, stderr, error } = spawnSync('chcon', [from, '--', seen(file)], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw Object.assign(new Error(`chcon ${path}: ${why}`), { code: 'ELABEL', syscall: 'chcon' });
}

function policyLabel(path: string): string | undefined {
  const { status, stdout } = spawnSync('matchpathcon', ['-n', path], { encoding: 'utf8', timeout: 10_000 });
  const label = stdout?.trim();
  return status === 0 && label !== '' && label !== '<<none>>' ? label : undefined;
}

/** Gives a whole folder the labels that the policy has for its paths. Without restorecon it keeps those of its directory. */
export function restoreLabels(folder: string): void {
  spawnSync('restorecon', ['-R', '--', folder], { stdio: 'ignore', timeout: 600_000 });
}
