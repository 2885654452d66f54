import { memoBytes, readMemo } from '../../compiler/3-render/memo/memo-bytes.ts';
import { RenderMemo } from '../../compiler/3-render/memo/render-memo.ts';
import { toTree } from '../../compiler/4-seal/tree.ts';
import { compile } from '../../compiler/compile.ts';
import { Random } from '../conformance/random.ts';
import { EditedWorkspace } from './edited-workspace.ts';

/** What was compared. */
export interface MemoComparison {
  compiles: number;
  /** Hosts that had a bundle. */
  bundles: number;
  reused: number;
  /** Parts that were rendered once for several hosts, and had their names put in. */
  filled: number;
  /** What a compile that reuses gave otherwise than one that does not; the first difference of each. */
  readonly differences: string[];
}

const EDITS = 4;

/**
 * A workspace is edited at random, some edits taken back, and compiled after each: with what is known from before, in
 * memory or as it was written and read again, and without.
 */
export function compareMemo(sequence: number, comparison: MemoComparison): void {
  const random = new Random(sequence);
  const workspace = new EditedWorkspace(random);
  const fleet = new RenderMemo();
  let memo = new RenderMemo(fleet);
  const states = [workspace.state()];
  for (let edit = 0; edit <= EDITS; edit++) {
    if (edit > 0) {
      if (random.oneIn(4)) workspace.restore(random.pick(states));
      else for (let count = 1 + random.below(2); count > 0; count--) workspace.edit();
      states.push(workspace.state());
    }
    const input = { files: workspace.files, diagnostics: [] };
    const fresh = compile(input);
    if (random.oneIn(3)) memo = readMemo(memoBytes(memo, 'test'), 'test', random.pick([fleet, undefined]));
    const before = { ...memo.count };
    const reusing = compile(input, { memo });
    comparison.reused += memo.count.reused - before.reused;
    comparison.filled += memo.count.filled - before.filled;
    comparison.compiles++;
    comparison.bundles += fresh.value.bundles.length;
    const difference = firstDifference(fresh, reusing);
    if (difference !== undefined)
      comparison.differences.push(`sequence ${sequence}, edit ${edit}: ${difference}`);
  }
}

type Compiled = ReturnType<typeof compile>;

function firstDifference(fresh: Compiled, reusing: Compiled): string | undefined {
  const told = JSON.stringify(reusing.diagnostics);
  for (const [at, one] of fresh.diagnostics.entries())
    if (JSON.stringify(one) !== JSON.stringify(reusing.diagnostics[at])) return JSON.stringify(one);
  if (told !== JSON.stringify(fresh.diagnostics)) return told;
  const [expected, tree] = [fresh, reusing].map(({ value }) => toTree(value.bundles));
  for (const path of new Set([...expected!.keys(), ...tree!.keys()])) {
    const [was, is] = [expected, tree].map((one) => one!.get(path));
    if (!was || !is || Buffer.compare(was, is) !== 0) return `${path}:\n${was}\n---\n${is}`;
  }
  return undefined;
}
