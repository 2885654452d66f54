import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import type { HostVars } from '../../compiler/2-resolve/inventory.ts';
import { subjectOf } from '../../compiler/cli/explain/subject.ts';
import { impactOf } from '../../compiler/cli/impact/impact.ts';
import { ImpactIndex, type Part } from '../../compiler/cli/impact/impact-index.ts';
import type { Reach } from '../../compiler/cli/impact/reach.ts';
import { Random } from '../conformance/random.ts';
import { type EditKind, KINDS, type LineEdit, randomEdit, withEdit } from './line-edit.ts';
import {
  compileState,
  Decisions,
  type Difference,
  differencesOf,
  extentOf,
  type State,
} from './rendered-state.ts';

/** What came of the edits of one kind. */
export interface Tally {
  edits: number;
  compiled: number;
  /**
   * Files and manifests that the edits changed, that were named, and both. What was named for where a variable comes out
   * differently counts where it does.
   */
  changed: number;
  named: number;
  hit: number;
  /** Of each edit that anything was named for, which share of it changed. */
  readonly shares: number[];
}

/** A change that was not named. */
export interface Miss {
  readonly edit: LineEdit;
  readonly missed: readonly Difference[];
}

export interface Measured {
  readonly tallies: ReadonlyMap<EditKind, Tally>;
  readonly misses: readonly Miss[];
  /** Value edits that changed the least of what was named for them. */
  readonly loosest: readonly { readonly edit: LineEdit; readonly named: number; readonly hit: number }[];
}

interface Options {
  readonly seed: number;
  readonly edits: number;
  readonly onProgress?: (done: number) => void;
}

/** Makes random edits of a workspace and compares what they change with what was named for their lines. */
export function measureImpact(files: SourceFiles, { seed, edits, onProgress }: Options): Measured {
  const random = new Random(seed);
  const subject = subjectOf(files);
  const index = new ImpactIndex(subject, () => true);
  const tallies = new Map(
    KINDS.map((kind): [EditKind, Tally] => [
      kind,
      { edits: 0, compiled: 0, changed: 0, named: 0, hit: 0, shares: [] },
    ]),
  );
  const misses: Miss[] = [];
  const loosest: { edit: LineEdit; named: number; hit: number }[] = [];
  const before = new Map<string, State>();
  let decisions: Decisions | undefined;
  /** The parts of a reach that an edit reaches by what it decides. */
  const decided = (reach: Reach, edited: SourceFiles): Part[] => {
    const parts = [...reach.decided()];
    if (parts.length === 0) return [];
    decisions ??= new Decisions(files, () => true);
    const hosts = new Set(parts.map(([{ host }]) => idOf(host)));
    const after = new Decisions(edited, (host) => hosts.has(idOf(host)));
    return parts.flatMap(([part, by]) => (decisions!.differ(part, by, after) ? [part] : []));
  };
  for (let count = 0; count < edits; count++) {
    // Every second one alters a value.
    const kind = count % 2 === 0 ? 'value' : KINDS[1 + (((count - 1) / 2) % (KINDS.length - 1))]!;
    const edit = randomEdit(files, random, kind);
    const tally = tallies.get(kind)!;
    tally.edits++;
    onProgress?.(count + 1);
    const extent = extentOf(edit.file, subject.workspace);
    const after = compileState(withEdit(files, edit), extent);
    if (!after) continue;
    tally.compiled++;
    const old = before.get(extent.key) ?? compileState(files, extent)!;
    before.set(extent.key, old);
    const impact = impactOf(subject, index, edit);
    const reach = kind === 'value' ? impact.value : kind === 'known' ? impact.any : impact.line;
    const differences = differencesOf(old, after);
    const named = namedBy(reach, decided(reach, withEdit(files, edit)));
    const missed = differences.filter((one) => !isNamed(one, named));
    const hit = differences.length - missed.length;
    tally.changed += differences.length;
    tally.named += named.all.size;
    tally.hit += Math.min(hit, named.all.size);
    if (named.all.size > 0) tally.shares.push(Math.min(1, hit / named.all.size));
    if (missed.length > 0) misses.push({ edit, missed });
    if (kind === 'value') loosest.push({ edit, named: named.all.size, hit });
  }
  loosest.sort((a, b) => b.named - b.hit - (a.named - a.hit));
  return { tallies, misses, loosest: loosest.slice(0, 20) };
}

interface Named {
  readonly all: ReadonlySet<string>;
  readonly templates: ReadonlySet<string>;
  readonly whole: ReadonlySet<string>;
}

function namedBy(reach: Reach, decided: readonly Part[]): Named {
  const all = new Set<string>();
  const templates = new Set<string>();
  for (const { host, file } of [...reach.parts, ...decided]) {
    if (!file) {
      all.add(`${idOf(host)} manifest`);
      continue;
    }
    all.add(`${idOf(host)} ${file.path}`);
    templates.add(`${idOf(host)} ${file.template}`);
  }
  for (const host of reach.manifestHosts()) all.add(`${idOf(host)} manifest`);
  return { all, templates, whole: new Set([...reach.whole].map(idOf)) };
}

function isNamed({ host, path, template }: Difference, { all, templates, whole }: Named): boolean {
  if (whole.has(host) || all.has(`${host} ${path}`)) return true;
  return template !== undefined && templates.has(`${host} ${template}`);
}

function idOf({ type, cluster, host }: HostVars): string {
  return `${type}/${cluster}/${host}`;
}
