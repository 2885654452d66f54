import type { Cluster, InventoryVar, VarsFile, Workspace } from '../1-load/workspace.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { nearestName } from '../diagnostics/did-you-mean.ts';
import { NearNames } from '../diagnostics/near-names.ts';
import { differsOnPurpose, partsOfNames } from './differs-on-purpose.ts';
import { isReserved } from './reserved.ts';
import {
  type Reads,
  readsOfTemplates,
  readsOfTexts,
  type TextOfFile,
  templatedTexts,
  type Written,
  wordsOf,
} from './workspace-reads.ts';

export interface UnreadVariables {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether only the values of all clusters can tell whether a variable of a shared file is read. */
  readonly needsAll: boolean;
}

/** Whose files could not be read: what they read is not known. */
interface Unreadable {
  host(cluster: { readonly type: string; readonly cluster: string }): boolean;
  readonly components: boolean;
  readonly any: boolean;
}

/**
 * Warns of variables of inventories/ that nothing can read, where the name of one that is read, or declared, is near.
 * Hosts see their own cluster only: what a cluster's files set is held against its own values, its type's, and those of
 * everybody, so that other clusters need not be at hand.
 */
export function checkUnreadVariables(workspace: Workspace, unreadable: Unreadable): UnreadVariables {
  if (unreadable.components) return { diagnostics: [], needsAll: false };
  const check = new UnreadCheck(workspace);
  const diagnostics = workspace.clusters.flatMap((cluster) =>
    unreadable.host({ type: cluster.type, cluster: cluster.name }) ? [] : check.cluster(cluster),
  );
  const shared = check.shared();
  if (shared.length === 0 || unreadable.any) return { diagnostics, needsAll: shared.length > 0 };
  return { diagnostics: [...diagnostics, ...check.readByNoCluster(shared)], needsAll: true };
}

/** A variable that a file sets. */
interface SetVariable extends Written {
  readonly name: string;
  readonly place: Place;
}

interface Problem {
  readonly name: string;
  /** The type whose clusters see it; everybody does where not said. */
  readonly type: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is asked of the templates, each made once. */
class UnreadCheck {
  readonly #workspace: Workspace;
  /** What components declare or give a default: of most variables, no text need be looked at. */
  readonly #declared: ReadonlySet<unknown>;
  readonly #everybody: readonly SetVariable[];
  /** Of the templates, their components, defaults, declarations and rules, and of the settings. */
  #words: Set<string> | undefined;
  #nearWords: NearNames | undefined;
  #templates: { readonly reads: Reads; readonly near: NearNames } | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#declared = new Set(
      [...workspace.components.values()].flatMap(({ defaults, declarations }): unknown[] => [
        ...(defaults?.vars.keys() ?? []),
        ...Object.keys(declarations?.content ?? {}),
      ]),
    );
    this.#everybody = ofFile(workspace.fleetVars);
  }

  /** What is wrong in the files of a cluster. */
  cluster(cluster: Cluster): Diagnostic[] {
    const own = ofCluster(cluster);
    const { typeVars, releases } = this.#workspace;
    const release = cluster.release === undefined ? undefined : releases.get(cluster.release);
    const others = [...this.#everybody, ...ofFile(typeVars.get(cluster.type))];
    const released = release ? [{ file: release.file, value: release.mapping }] : [];
    return this.#unread(own, { seen: others, released }).flatMap(({ diagnostics }) => diagnostics);
  }

  /** What may be wrong in the files of everybody and of types: no shared file reads it. */
  shared(): Problem[] {
    const { typeVars, releases } = this.#workspace;
    const released = [...releases.values()].map(({ file, mapping }) => ({ file, value: mapping }));
    const ofTypes = [...typeVars].map(([type, file]) => [type, ofFile(file)] as const);
    const all = ofTypes.flatMap(([, vars]) => vars);
    const everybody = this.#unread(this.#everybody, { seen: all, released });
    const each = ofTypes.flatMap(([type, vars]) =>
      this.#unread(vars, { seen: this.#everybody, released }).map((problem) => ({ ...problem, type })),
    );
    return [...everybody, ...each];
  }

  /** Of what no shared file reads, that which no cluster reads either. */
  readByNoCluster(problems: readonly Problem[]): Diagnostic[] {
    const left = new Set(problems);
    for (const cluster of this.#workspace.clusters) {
      const texts = ofCluster(cluster).flatMap(templatedTexts);
      const words = wordsOf(texts.map(({ text }) => text));
      const { patterns } = readsOfTexts(texts);
      for (const problem of left) {
        if (problem.type !== undefined && problem.type !== cluster.type) continue;
        if (words.has(problem.name) || isLike(problem.name, patterns)) left.delete(problem);
      }
    }
    return [...left].flatMap(({ diagnostics }) => diagnostics);
  }

  /** Those of some variables that neither templates read nor values: their own, of others that are seen, of a release. */
  #unread(
    own: readonly SetVariable[],
    { seen, released }: { readonly seen: readonly SetVariable[]; readonly released: readonly Written[] },
  ): Problem[] {
    const suspects = own.filter(({ name }) => this.#isSuspect(name));
    if (suspects.length === 0) return [];
    const texts = [...own, ...seen, ...released].flatMap(templatedTexts);
    const words = wordsOf(texts.map(({ text }) => text));
    const byName = Map.groupBy(suspects, ({ name }) => name);
    const nearOwnWords = new NearNames(words);
    this.#nearWords ??= new NearNames(this.#wordsOfTemplates());
    const nearWords = [this.#nearWords, nearOwnWords];
    // Few get here: only now is anything parsed.
    const unread = [...byName].filter(
      ([name]) => !words.has(name) && nearWords.some((near) => near.near(name, limitFor(name)).length > 0),
    );
    if (unread.length === 0) return [];
    const names = new Set([...own, ...seen].map(({ name }) => name));
    const meantBy = this.#meantBy(texts, names);
    return unread.flatMap(([name, places]) => {
      const meant = meantBy(name);
      if (!meant) return [];
      const message = `nothing reads the variable \`${name}\``;
      const hint = `did you mean \`${meant.name}\`, which ${meant.where}?`;
      const diagnostics = places.map(({ place }) =>
        diagnose('resolve/unread-variable', { place, message, hint }),
      );
      return [{ name, type: undefined, diagnostics }];
    });
  }

  /** Tells what was meant by a name that nothing reads; undefined where that is not clear, or something may read it. */
  #meantBy(
    texts: readonly TextOfFile[],
    set: ReadonlySet<string>,
  ): (name: string) => { readonly name: string; readonly where: string } | undefined {
    this.#templates ??= withNear(readsOfTemplates(this.#workspace));
    const all = [this.#templates, withNear(readsOfTexts(texts))];
    const parts = partsOfNames(all.flatMap(({ reads }) => [...reads.names.keys()]));
    return (name) => {
      if (all.some(({ reads }) => reads.names.has(name) || isLike(name, reads.patterns))) return undefined;
      const near = all.flatMap((one) => one.near.near(name, limitFor(name)));
      if (near.some((other) => differsOnPurpose({ name, other, parts, set }))) return undefined;
      const meant = nearestName(name, near);
      if (meant === undefined) return undefined;
      return { name: meant, where: all.map(({ reads }) => reads.names.get(meant)).find((one) => one)! };
    };
  }

  #isSuspect(name: string): boolean {
    return (
      !this.#declared.has(name) &&
      name.length >= SHORTEST &&
      !name.startsWith('ansible_') &&
      !isReserved(name) &&
      /^[A-Za-z_]\w*$/.test(name) &&
      !this.#wordsOfTemplates().has(name)
    );
  }

  #wordsOfTemplates(): Set<string> {
    const { texts, settings } = this.#workspace;
    this.#words ??= wordsOf([...texts.values(), settings.ansible_managed]);
    return this.#words;
  }
}

/** Among shorter names, any two are near. */
const SHORTEST = 3;

/** How many edits a mistake is: of a short name, two of them make another word. */
function limitFor(name: string): number {
  return name.length < 8 ? 1 : 2;
}

/** What templates have without anybody setting it. */
const GIVEN: ReadonlySet<string> = new Set(
  'item loop caller varargs kwargs self super range dict lipsum cycler joiner namespace now undef finalize'.split(
    ' ',
  ),
);

function withNear(reads: Reads): { readonly reads: Reads; readonly near: NearNames } {
  const names = [...reads.names.keys()].filter(
    (name) => name.length >= SHORTEST && !GIVEN.has(name) && !isReserved(name),
  );
  return { reads, near: new NearNames(names) };
}

function isLike(name: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(name));
}

function ofFile(vars: VarsFile | undefined): SetVariable[] {
  if (!vars) return [];
  const { file } = vars;
  return [...vars.vars].flatMap(([name, value]) =>
    typeof name === 'string'
      ? [{ file, name, value, place: vars.places.of(vars.vars, name) ?? { file, line: 1, column: 1 } }]
      : [],
  );
}

function ofCluster({ inventory, vars, groupVars, hostVars }: Cluster): SetVariable[] {
  // Hosts of one line of the inventory share its variables.
  const inline = new Set([...inventory.groups, ...inventory.hosts].map((one) => one.vars));
  const ofInventory = [...inline].flatMap((one) => [...one]);
  return [
    ...ofInventory.map(([name, { value, place }]: [string, InventoryVar]) => ({
      file: inventory.file,
      name,
      value,
      place,
    })),
    ...[vars, ...groupVars.values(), ...hostVars.values()].flatMap(ofFile),
  ];
}
