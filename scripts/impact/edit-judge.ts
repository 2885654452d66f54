import type { SourceFiles } from '../../compiler/1-load/workspace.ts';
import type { HostVars } from '../../compiler/2-resolve/inventory.ts';
import { type Subject, subjectOf } from '../../compiler/cli/explain/subject.ts';
import { type Impact, impactOf } from '../../compiler/cli/impact/impact.ts';
import { ImpactIndex, type Part } from '../../compiler/cli/impact/impact-index.ts';
import type { Reach } from '../../compiler/cli/impact/reach.ts';
import { type EditKind, type LineEdit, withEdit } from './line-edit.ts';
import {
  compiled,
  Decisions,
  type Difference,
  differencesOf,
  type Extent,
  type extentOf,
  type State,
} from './rendered-state.ts';

/** By what edits of a kind are judged. */
const DEGREES: Readonly<Record<EditKind, Exclude<keyof Impact, 'overridden'>>> = {
  value: 'value',
  tags: 'value',
  picks: 'value',
  odd: 'line',
  delete: 'line',
  comment: 'line',
  insert: 'line',
  rename: 'line',
  indent: 'line',
  known: 'any',
};

/** What an edit changed, against what was named for its line. */
export interface Judged {
  readonly changed: number;
  /**
   * Files and manifests that were named; what is named for where a variable comes out differently counts where it does.
   */
  readonly named: number;
  readonly missed: readonly Difference[];
}

/** Compiles a workspace with one line edited, and compares what changes with what was named for the line. */
export class EditJudge {
  readonly subject: Subject;
  readonly #files: SourceFiles;
  readonly #extentOf: (file: string) => Extent;
  readonly #index: ImpactIndex;
  readonly #before = new Map<string, State>();
  #decisions: Decisions | undefined;

  /** `extent` says what an edit of a file could concern at all, where not all of a workspace is to be compiled. */
  constructor(files: SourceFiles, extent: typeof extentOf) {
    this.subject = subjectOf(files);
    this.#files = files;
    this.#extentOf = (file) => extent(file, this.subject.workspace);
    this.#index = new ImpactIndex(this.subject, () => true);
  }

  /** Undefined where the edited workspace does not compile. */
  judge(edit: LineEdit): Judged | undefined {
    const extent = this.#extentOf(edit.file);
    const edited = withEdit(this.#files, edit);
    const after = compiled(edited, extent).state;
    if (!after) return undefined;
    const before = this.#before.get(extent.key) ?? compiled(this.#files, extent).state!;
    this.#before.set(extent.key, before);
    const reach = impactOf(this.subject, this.#index, edit)[DEGREES[edit.kind]];
    const differences = differencesOf(before, after);
    const named = namedBy(reach, this.#decided(reach, edited));
    const missed = differences.filter((one) => !isNamed(one, named));
    return { changed: differences.length, named: named.all.size, missed };
  }

  /** The parts of a reach that an edit reaches by what it decides. */
  #decided(reach: Reach, edited: SourceFiles): Part[] {
    const parts = [...reach.decided()];
    if (parts.length === 0) return [];
    this.#decisions ??= new Decisions(this.#files, () => true);
    const hosts = new Set(parts.map(([{ host }]) => idOf(host)));
    const after = new Decisions(edited, (host) => hosts.has(idOf(host)));
    return parts.flatMap(([part, by]) => (this.#decisions!.differ(part, by, after) ? [part] : []));
  }
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
