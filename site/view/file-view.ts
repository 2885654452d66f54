import type { FileEntry } from '../../compiler/contract/manifest.ts';
import type { FleetHost, HostDetail } from '../fleet.ts';
import { count, formatSize, grouped } from './amount.ts';
import { fileId } from './link.ts';
import { compareText } from './natural-order.ts';
import { visible } from './visible.ts';

/** A file of a host: a row of the table of files, and a section with its content. */
export interface FileView {
  readonly path: string;
  /** Of its section; the table links to `#` and this, its characters escaped as in a URL. */
  readonly id: string;
  readonly size: string;
  readonly mode: string;
  readonly owner: string;
  /** Roles in debt of a restart when it changes; those that reload. */
  readonly restart: string;
  readonly reload: string;
  /** What is particular about it now: drifted, not promoted yet. */
  readonly marks: readonly string[];
  /** The content's text; null where there is none to show. It begins with a line feed of its own, which HTML drops. */
  readonly text: string | null;
  /** `1`, `2` … on lines of their own, beside the text. */
  readonly lineNumbers: string;
  /** Why the text is missing or is not all; empty where it is whole. */
  readonly note: string;
}

/** The files of the bundle that the page shows, sorted by path. */
export function viewFiles(host: FleetHost, { manifest, previews, from }: HostDetail): FileView[] {
  if (!manifest) return [];
  const drifted = new Set(host.report?.drift);
  const changes = new Map(host.promoted?.changes.map(({ path, kind }) => [path, kind]));
  return [...manifest.files]
    .sort((left, right) => compareText(left.path, right.path))
    .map((file) => {
      const change = from === 'compiled' ? changes.get(file.path) : undefined;
      const marks = [
        ...(drifted.has(file.path) ? ['differs on disk'] : []),
        ...(change ? [change === 'added' ? 'new since the promotion' : 'changed since the promotion'] : []),
      ];
      return { ...viewEntry(file), ...viewContent(file, previews[file.path]), marks };
    });
}

function viewEntry(file: FileEntry) {
  return {
    path: visible(file.path),
    id: fileId(file.path),
    size: formatSize(file.size),
    mode: file.mode,
    owner: `${file.owner}:${file.group}`,
    restart: file.restart.join(', ') || '–',
    reload: file.reload.join(', ') || '–',
  };
}

type Content = Pick<FileView, 'text' | 'lineNumbers' | 'note'>;

function viewContent({ size }: FileEntry, preview: HostDetail['previews'][string] | undefined): Content {
  if (!preview) return { text: null, lineNumbers: '', note: 'The content could not be read.' };
  if (preview.kind === 'binary') {
    return { text: null, lineNumbers: '', note: `Not text: ${formatSize(size)} of other bytes.` };
  }
  if (preview.kind === 'large') {
    return { text: null, lineNumbers: '', note: 'Too large to show; the whole file is in the bundle.' };
  }
  const { text, lines, shown, whole } = preview;
  if (lines === 0) return { text: null, lineNumbers: '', note: 'Empty.' };
  return {
    text: `\n${text}`,
    lineNumbers: `\n${Array.from({ length: shown }, (_, index) => index + 1).join('\n')}`,
    note: whole
      ? ''
      : `The first ${grouped(shown)} of ${count(lines, 'line')}; the whole file is in the bundle.`,
  };
}
