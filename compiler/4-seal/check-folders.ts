import type { RenderedHost } from '../3-render/rendered-host.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import type { DirectoryEntry } from '../contract/manifest.ts';
import { diagnose } from '../diagnostics/diagnose.ts';

/**
 * Finds files and links of releases that lie below a directory in which others than root, and than the owner of the file,
 * may put things: what lies in the way of a file blocks the whole apply, and the runner removes nothing that is not its own.
 */
export function* checkFolders({ host, files, directories, artifacts }: RenderedHost): Iterable<Diagnostic> {
  const open = directories.filter(({ entry }) => writerOf(entry) !== undefined);
  if (open.length === 0) return;
  const placed = [
    ...files.map(({ path, owner, pathPlace }) => ({ path, owner, place: pathPlace })),
    ...artifacts.map(({ entry, place }) => ({ path: entry.link, owner: 'root', place })),
  ];
  for (const { path, owner, place } of placed) {
    const above = open.find(({ entry }) => path.startsWith(`${entry.path}/`) && writerOf(entry) !== owner);
    if (!above) continue;
    const folder = above.entry.path;
    yield diagnose('seal/foreign-folder', {
      message: `${path} lies below ${folder}, in which ${writerOf(above.entry)} may put anything`,
      place,
      hosts: [host],
      related: [{ place: above.place, message: 'the directory' }],
    });
  }
}

/** Who, beside root, may put things into a directory; undefined for nobody. */
function writerOf({ owner, group, mode }: DirectoryEntry): string | undefined {
  const bits = Number.parseInt(mode, 8);
  if (owner !== 'root') return owner;
  if (bits & 0o002) return 'everybody';
  return bits & 0o020 && group !== 'root' ? `the group ${group}` : undefined;
}
