import type { Disk, Folder } from '../../runner/host/apply/disk.ts';
import { besideOf } from '../../runner/host/apply/folders.ts';
import { STATE_PATH } from '../../runner/host/config/layout.ts';
import { readState } from '../../runner/host/state/store.ts';
import type { PlantedBug } from './every-operation.ts';

const JOURNAL = 'journal.json';

/** Bugs that a harness must find; else it proves nothing. Each is a mistake that somebody could make. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  { name: 'nothing is synced', disk: (disk) => ({ ...disk, sync: () => {} }) },
  { name: 'files are not synced', disk: (disk) => syncOnly(disk, (isFolder) => isFolder) },
  { name: 'folders are not synced', disk: (disk) => syncOnly(disk, (isFolder) => !isFolder) },
  { name: 'the state folder is not synced', disk: withoutSyncOfState },
  { name: 'there is no journal', disk: withoutJournal },
  { name: 'the commit comes before the swap', disk: swapLast },
  { name: 'modes are set after the rename', disk: modesLast },
  { name: 'a supervisor starts services whatever the journal says', isOpen: async () => true },
  { name: 'services wait for a runner on a sound host too', isOpen: async () => false },
  { name: 'recovery never runs', recover: () => {} },
  {
    name: 'recovery throws the journal away',
    recover: ({ engine: { rooted } }) => {
      if (!readState(rooted).journal) return;
      besideOf(rooted, `${STATE_PATH}/${JOURNAL}`, (folder, name) => rooted.disk.unlink(folder, name));
    },
  },
  {
    name: 'a change is dated before the swap',
    moment: (now) => {
      const early = now();
      return () => early;
    },
  },
];

function syncOnly(disk: Disk, wanted: (isFolder: boolean) => boolean): Disk {
  return { ...disk, sync: (fd) => wanted(disk.lookAtOpen(fd).isDirectory()) && disk.sync(fd) };
}

function withoutSyncOfState(disk: Disk): Disk {
  const state = new Set<number>();
  return {
    ...disk,
    openFolder: (parent, name) => {
      const folder = disk.openFolder(parent, name);
      if (folder.path.endsWith(STATE_PATH)) state.add(folder.fd);
      else state.delete(folder.fd);
      return folder;
    },
    sync: (fd) => (state.has(fd) ? undefined : disk.sync(fd)),
  };
}

function withoutJournal(disk: Disk): Disk {
  return {
    ...disk,
    rename: (folder, from, to) =>
      to === JOURNAL ? disk.unlink(folder, from) : disk.rename(folder, from, to),
    unlink: (folder, name) => (name === JOURNAL ? undefined : disk.unlink(folder, name)),
  };
}

function swapLast(disk: Disk): Disk {
  const delayed: (() => void)[] = [];
  const later = ({ path }: Folder, make: (folder: Folder, name: string) => void, name: string): void => {
    delayed.push(() => besideOf({ disk, root: '/' }, `${path}/${name}`, make));
  };
  return {
    ...disk,
    rename: (folder, from, to) =>
      from.startsWith('.khp-')
        ? later(folder, (open) => disk.rename(open, from, to), from)
        : disk.rename(folder, from, to),
    unlink: (folder, name) => {
      if (folder.path.includes('/etc/')) later(folder, (open) => disk.unlink(open, name), name);
      else disk.unlink(folder, name);
      if (name === JOURNAL) for (const make of delayed.splice(0)) make();
    },
  };
}

function modesLast(disk: Disk): Disk {
  const names = new Map<number, string>();
  const modes = new Map<string, number>();
  return {
    ...disk,
    createFile: (folder, name) => {
      const fd = disk.createFile(folder, name);
      names.set(fd, name);
      return fd;
    },
    setMode: (fd, mode) => {
      const name = names.get(fd);
      if (name === undefined) disk.setMode(fd, mode);
      else modes.set(name, mode);
    },
    close: (fd) => {
      names.delete(fd);
      disk.close(fd);
    },
    rename: (folder, from, to) => {
      disk.rename(folder, from, to);
      const mode = modes.get(from);
      if (mode === undefined) return;
      const fd = disk.openFile(folder, to);
      disk.setMode(fd, mode);
      disk.close(fd);
    },
  };
}
