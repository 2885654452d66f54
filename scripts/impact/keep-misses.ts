import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EditJudge } from './edit-judge.ts';
import type { Miss } from './measure.ts';
import { EVERYTHING } from './rendered-state.ts';
import { shrinkMiss } from './workspaces/shrink-miss.ts';

/** Writes the workspace of each miss into a folder of its own, with the edit in `miss.txt`; the smallest that shows it. */
export async function keepMisses(folder: string, misses: readonly Miss[]): Promise<void> {
  for (const [at, miss] of misses.entries()) {
    const { files, edit } = miss.thrown ? miss : await shrinkMiss(miss);
    const missed = miss.thrown ? [] : (new EditJudge(files, () => EVERYTHING).judge(edit)?.missed ?? []);
    const own = join(folder, `${miss.seed ?? 'root'}-${at}`);
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), bytes);
    }
    const what = missed.map(({ host, path }) => `  ${host} ${path}`);
    const head = `${edit.kind} ${edit.file}:${edit.line} → ${JSON.stringify(edit.after)}`;
    writeFileSync(
      join(own, 'miss.txt'),
      `${[head, ...(miss.thrown ? [`  threw ${miss.thrown}`] : what)].join('\n')}\n`,
    );
  }
}
