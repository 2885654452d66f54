import { basename, dirname } from 'node:path';
import { besideOf, inFolder, inFolderIfThere, type RootedDisk } from '../../runner/host/apply/folders.ts';
import type { Host } from '../../runner/host/run/run-once.ts';
import { readState } from '../../runner/host/state/store.ts';
import { directoryMode, EDITED, editBefore, filesOf, LINK, namesIn, targetOf } from './crash-scenario.ts';

/**
 * What is wrong with a host that has recovered: everything that is not wholly one promotion's: bytes, modes, files that
 * should be gone, links, copies of what was edited by hand, leftovers, and the runner's own memory. Empty for a sound one.
 */
export function findFaults({ engine: { rooted } }: Host): string[] {
  const state = readState(rooted);
  const { active, watermark, journal } = state;
  if (!active) {
    const files = filesBelow(rooted, '/etc');
    return files.size === 0 && !watermark && !journal
      ? []
      : [`files without a generation: ${[...files.keys()].join()}`];
  }
  const { seq } = active.record;
  const faults: string[] = [];
  if (journal) faults.push('the journal is still there');
  const promoted = state.held?.seq ?? seq;
  if (watermark?.seq !== promoted)
    faults.push(`the watermark is ${watermark?.seq}, and ${promoted} is active`);
  const wanted = filesOf(seq);
  const seen = filesBelow(rooted, '/etc');
  for (const [path, { text, mode }] of wanted) {
    const file = seen.get(path);
    const byHand = path === EDITED && file?.text === editBefore(promoted + 1);
    if (!byHand && `${file?.mode} ${file?.text}` !== `${mode} ${text}`)
      faults.push(`${path} is ${JSON.stringify(file?.text.slice(0, 40))} (${file?.mode})`);
  }
  for (const [path, { text }] of seen) {
    if (wanted.has(path) || path.endsWith('/.editor')) continue;
    const saved = /core-site\.xml\.khp-saved-(\d+)(?:\.\d+)?$/.exec(path)?.[1];
    if (saved === undefined || text !== editBefore(Number(saved))) faults.push(`${path} is left behind`);
  }
  for (let edited = 3; edited <= Math.min(promoted, seq); edited += 3) {
    const copies = [...seen].filter(([path]) => path.startsWith(`${EDITED}.khp-saved-`));
    if (!copies.some(([, { text }]) => text === editBefore(edited)))
      faults.push(`the edit before ${edited} is lost`);
  }
  const target = linkAt(rooted);
  if (target !== targetOf(seq)) faults.push(`the link leads to ${target}`);
  const mode = modeOf(rooted, '/data/1');
  if (mode !== directoryMode(seq)) faults.push(`/data/1 has the mode ${mode}`);
  for (const folder of foldersBelow(rooted, '/etc'))
    if (modeOf(rooted, folder) !== '0755') faults.push(`${folder} has the mode ${modeOf(rooted, folder)}`);
  const left = ['/opt', '/data']
    .flatMap((path) => namesIn(rooted, path))
    .filter((name) => name.includes('.khp-'));
  return [...faults, ...left.map((name) => `${name} is left behind`)];
}

interface SeenFile {
  readonly text: string;
  readonly mode: string;
}

/** Every file below a path. */
export function filesBelow(rooted: RootedDisk, path: string): Map<string, SeenFile> {
  const files = new Map<string, SeenFile>();
  for (const folder of [path, ...foldersBelow(rooted, path)]) {
    for (const name of namesIn(rooted, folder)) {
      inFolder(rooted, folder, (open) => {
        const stats = rooted.disk.look(open, name)!;
        if (stats.isDirectory()) return;
        const text = stats.isFile() ? rooted.disk.readFile(open, name).toString('utf8') : '';
        files.set(`${folder}/${name}`, { text, mode: octal(stats.mode) });
      });
    }
  }
  return files;
}

function foldersBelow(rooted: RootedDisk, path: string): string[] {
  const folders = namesIn(rooted, path)
    .map((name) => `${path}/${name}`)
    .filter((each) => besideOf(rooted, each, (open, name) => rooted.disk.look(open, name)!.isDirectory()));
  return folders.flatMap((folder) => [folder, ...foldersBelow(rooted, folder)]);
}

/** Where the link leads; undefined where there is none. */
export function linkAt(rooted: RootedDisk): string | undefined {
  return inFolderIfThere(rooted, dirname(LINK), (open) => {
    const name = basename(LINK);
    return rooted.disk.look(open, name) ? rooted.disk.readLink(open, name) : undefined;
  });
}

function modeOf(rooted: RootedDisk, path: string): string {
  return besideOf(rooted, path, (open, name) => octal(rooted.disk.look(open, name)?.mode ?? 0));
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
