import type { SourceFiles } from '../../../compiler/1-load/workspace.ts';
import { type Files, shrinkFiles } from '../../conformance/shrink-files.ts';
import { EditJudge } from '../edit-judge.ts';
import type { LineEdit } from '../line-edit.ts';
import { compiled, EVERYTHING } from '../rendered-state.ts';

/** Workspaces that may be tried to make one smaller. */
const TRIES = 4000;

/** Stands before the edited line while lines above it are left out. */
const MARK = '\uE000';

/** A workspace and an edit of it of which something that changed was not named. */
export interface Missing {
  readonly files: SourceFiles;
  readonly edit: LineEdit;
}

/** The smallest found that is still missed; the edited line stays as it is. */
export async function shrinkMiss({ files, edit }: Missing): Promise<Missing> {
  const texts = Object.fromEntries(
    [...files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]),
  );
  const lines = texts[edit.file]!.split('\n');
  const text = lines[edit.line - 1]!;
  const marked = { ...texts, [edit.file]: lines.with(edit.line - 1, MARK + text).join('\n') };
  const unmarked = (now: Files): Missing | undefined => {
    const at = now[edit.file]?.split('\n').findIndex((line) => line === MARK + text) ?? -1;
    if (at < 0) return undefined;
    const plain = { ...now, [edit.file]: now[edit.file]!.replace(MARK, '') };
    const encoder = new TextEncoder();
    const encoded = new Map(Object.entries(plain).map(([path, one]) => [path, encoder.encode(one)]));
    return { files: encoded, edit: { ...edit, line: at + 1 } };
  };
  const shows = (now: Files) => {
    const candidate = unmarked(now);
    return Promise.resolve(candidate !== undefined && isMissed(candidate));
  };
  const once = await shrinkFiles(marked, shows, TRIES);
  // Files that nothing names any more.
  return unmarked(await shrinkFiles(once, shows, TRIES))!;
}

function isMissed({ files, edit }: Missing): boolean {
  try {
    if (!compiled(files, EVERYTHING).state) return false;
    return (new EditJudge(files, () => EVERYTHING).judge(edit)?.missed.length ?? 0) > 0;
  } catch {
    return false;
  }
}
