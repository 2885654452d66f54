import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import { Random } from '../conformance/random.ts';
import { EditJudge, type Judged } from './edit-judge.ts';
import { type EditKind, KINDS, type LineEdit, randomEdit } from './line-edit.ts';
import { extentOf } from './rendered-state.ts';

/** What came of the edits of one kind. */
export interface Tally {
  edits: number;
  compiled: number;
  /** Files and manifests that the edits changed, that were named, and both. */
  changed: number;
  named: number;
  hit: number;
  /** Of each edit that anything was named for, which share of it changed. */
  readonly shares: number[];
}

/** An edit of which something that changed was not named, or that made khp throw. */
export interface Miss {
  /** Of the workspace, where it was generated. */
  readonly seed?: number | undefined;
  readonly files: SourceFiles;
  readonly edit: LineEdit;
  readonly missed: Judged['missed'];
  readonly thrown?: unknown;
}

/** What came of all edits. */
export class Measured {
  readonly tallies: ReadonlyMap<EditKind, Tally> = new Map(
    KINDS.map((kind) => [kind, { edits: 0, compiled: 0, changed: 0, named: 0, hit: 0, shares: [] }]),
  );
  readonly misses: Miss[] = [];
  readonly #loosest: { readonly edit: LineEdit; readonly named: number; readonly hit: number }[] = [];

  count({ kind, ...edit }: LineEdit, judged: Judged | undefined): void {
    const tally = this.tallies.get(kind)!;
    tally.edits++;
    if (!judged) return;
    const { changed, named, missed } = judged;
    const hit = Math.min(changed - missed.length, named);
    tally.compiled++;
    tally.changed += changed;
    tally.named += named;
    tally.hit += hit;
    if (named > 0) tally.shares.push(hit / named);
    if (kind === 'value') this.#loosest.push({ edit: { kind, ...edit }, named, hit });
  }

  /** Value edits that changed the least of what was named for them. */
  get loosest() {
    return this.#loosest.toSorted((a, b) => b.named - b.hit - (a.named - a.hit)).slice(0, 20);
  }
}

export interface Options {
  readonly seed: number;
  /** Of each workspace. */
  readonly edits: number;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Makes random edits of a workspace and compares what they change with what was named for their lines. */
export function measureImpact(files: SourceFiles, { seed, edits, onProgress }: Options): Measured {
  const measured = new Measured();
  const judge = new EditJudge(files, extentOf);
  tryEdits(measured, { judge, files, random: new Random(seed), edits, onProgress, kindOf: mostlyValues });
  return measured;
}

interface Trials extends Pick<Options, 'edits' | 'onProgress'>, Pick<Miss, 'files' | 'seed'> {
  readonly judge: EditJudge;
  readonly random: Random;
  /** The kind of each edit, by how many were made before. */
  readonly kindOf: (count: number) => TriedKind;
}

/** `tags` come of `value`. */
type TriedKind = Exclude<EditKind, 'tags'>;

/** Adds what comes of random edits of a workspace to what was measured. */
export function tryEdits(measured: Measured, { random, edits, onProgress, kindOf, ...trial }: Trials): void {
  for (let count = 0; count < edits; count++) {
    tryEdit(measured, { ...trial, edit: randomEdit(trial.files, random, kindOf(count)) });
    onProgress?.(count + 1);
  }
}

function tryEdit(
  measured: Measured,
  { judge, ...tried }: Omit<Miss, 'missed' | 'thrown'> & { readonly judge: EditJudge },
): void {
  const { edit } = tried;
  try {
    const judged = judge.judge(edit);
    measured.count(edit, judged);
    if (judged && judged.missed.length > 0) measured.misses.push({ ...tried, missed: judged.missed });
  } catch (thrown) {
    measured.count(edit, undefined);
    measured.misses.push({ ...tried, missed: [], thrown });
  }
}

const OTHERS = ['odd', 'delete', 'comment', 'insert', 'rename', 'indent', 'known'] as const;

/** Every second edit makes a new value, every fourth takes one that is there; the other kinds come in turn. */
function mostlyValues(count: number): TriedKind {
  const other = OTHERS[Math.floor(count / 4) % OTHERS.length]!;
  return (['value', 'picks', 'value', other] as const)[count % 4]!;
}

const ALL = ['value', 'picks', ...OTHERS] as const;

/** Each kind in turn. */
export function everyKind(count: number): TriedKind {
  return ALL[count % ALL.length]!;
}
