import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Those of some folders (paths of this machine) that a live process runs from, maps, stands in or has open. What cannot be
 * looked at may use any of them, so then all of them count.
 */
export function foldersInUse(folders: readonly string[]): Set<string> {
  const used = new Set<string>();
  const note = (text: string): void => {
    for (const folder of folders) if (isBelow(text, folder)) used.add(folder);
  };
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const link of ['exe', 'cwd', 'root']) note(linkOf(`/proc/${pid}/${link}`));
      for (const fd of readdirSync(`/proc/${pid}/fd`)) note(linkOf(`/proc/${pid}/fd/${fd}`));
      for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
        const path = line.indexOf('/');
        if (path >= 0) note(line.slice(path));
      }
    } catch (error) {
      // A container's own init may be out of sight, and is of no release.
      if (!isGone(error) && pid !== '1') return new Set(folders);
    }
    if (used.size === folders.length) break;
  }
  return used;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path === `${folder} (deleted)`;
}

/** A kernel thread has no program, and a process may end meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
