import { Random } from '../../conformance/random.ts';
import { EditJudge } from '../edit-judge.ts';
import { everyKind, Measured, type Options, tryEdits } from '../measure.ts';
import { EVERYTHING } from '../rendered-state.ts';
import { generateWorkspace } from './generate-workspace.ts';

/** Makes random edits of each of `count` generated workspaces, whose seeds follow one another. */
export function measureWorkspaces(count: number, { seed: first, edits, onProgress }: Options): Measured {
  const measured = new Measured();
  for (let seed = first; seed < first + count; seed++) {
    const files = generateWorkspace(seed);
    const judge = new EditJudge(files, () => EVERYTHING);
    const before = (seed - first) * edits;
    tryEdits(measured, {
      judge,
      files,
      seed,
      random: new Random(seed),
      edits,
      kindOf: everyKind,
      onProgress: (done) => onProgress?.(before + done),
    });
  }
  return measured;
}
