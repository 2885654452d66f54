import type { DirectoryEntry, FileEntry, Manifest } from '../../../compiler/contract/manifest.ts';
import type { Observation, Observed } from './observation.ts';
import { type LinkMove, type LinkPlan, type LinkRequest, planLinks } from './plan-links.ts';

/** One thing to do, in terms of absolute paths of the host. */
export type Step =
  | { readonly kind: 'make-directory'; readonly entry: DirectoryEntry }
  /** The directory is there, with another mode or owner. What is in it is not looked at. */
  | { readonly kind: 'adjust-directory'; readonly entry: DirectoryEntry }
  /** `save`: what lies there now is neither ours nor the wanted, and is kept under another name. */
  | { readonly kind: 'write'; readonly entry: FileEntry; readonly save: boolean; readonly isNew: boolean }
  | { readonly kind: 'remove'; readonly path: string; readonly save: boolean }
  | ({ readonly kind: 'link' } & LinkMove);

/** A path that is left as it is, and why: one sentence without a full stop. */
export interface Left {
  readonly path: string;
  readonly why: string;
}

/** What an apply would do. */
export interface Plan extends Pick<LinkPlan, 'waiting' | 'unstaged'> {
  /** In order: directories from the top, files, removals, links, each by path. */
  readonly steps: readonly Step[];
  /** Whether the promotion is another than the active one, so that a new generation is made even without steps. */
  readonly advances: boolean;
  /** Files of the active generation that differ from it on disk, before the steps; sorted. */
  readonly drift: readonly string[];
  readonly left: readonly Left[];
  /** Why nothing can be done; then there are no steps. */
  readonly obstacles: readonly Left[];
}

/** A promotion's place in line, and what it holds. */
export interface Target {
  readonly seq: number;
  readonly manifest: Manifest;
}

/** What is active, and where its links were left. */
export interface ActiveTarget extends Target {
  /** By path. */
  readonly links: Readonly<Record<string, string>>;
}

/** From where to where. */
export interface PlanRequest {
  readonly target: Target;
  /** What was applied last; undefined before the first apply. */
  readonly active: ActiveTarget | undefined;
  readonly observation: Observation;
  /** Whether a file edited by hand is kept until a promotion changes it, or restored. */
  readonly drift: 'keep' | 'restore';
  readonly links: LinkRequest;
}

/** The paths that a plan must have an observation of: those of the target and of the active generation. */
export function pathsToObserve(target: Manifest | undefined, active: Manifest | undefined): string[] {
  const both = [target, active].filter((manifest) => manifest !== undefined);
  const paths = both.flatMap(({ files, directories, artifacts }) => [
    ...[...files, ...directories].map(({ path }) => path),
    ...artifacts.map(({ link }) => link),
  ]);
  return [...new Set(paths)].sort();
}

/** The files and links of the active generation that differ from it on disk: bytes, mode, owner, target; sorted. */
export function driftOf(
  active: Pick<ActiveTarget, 'manifest' | 'links'> | undefined,
  observation: Observation,
): string[] {
  if (!active) return [];
  const files = active.manifest.files.filter(
    (entry) => !isAsWanted(observed(observation, entry.path), entry),
  );
  const links = Object.entries(active.links).filter(([path, target]) => {
    const seen = observed(observation, path);
    return !(seen.kind === 'link' && seen.target === target);
  });
  return [...files.map(({ path }) => path), ...links.map(([path]) => path)].sort();
}

/** Directories of the active generation that are to be mount points and are none: their disks are missing; sorted. */
export function unmountedOf({ directories }: Pick<Manifest, 'directories'>, seen: Observation): string[] {
  return directories
    .filter((entry) => isUnmounted(entry, observed(seen, entry.path)))
    .map(({ path }) => path)
    .sort();
}

function isUnmounted({ mountpoint }: DirectoryEntry, seen: Observed): boolean {
  return mountpoint && (seen.kind === 'none' || (seen.kind === 'directory' && !seen.mountpoint));
}

/**
 * What is to be done so that the host holds the target. A file is touched where its bytes, mode or owner differ between
 * the target and the active generation, and on the first apply; a drifted file that is not touched is left, unless drift
 * is to be restored. Files of the active generation that the target has not are removed, and nothing else ever is. Bytes
 * that are not the active generation's are saved before they are replaced or removed. Missing directories are made.
 */
export function plan(request: PlanRequest): Plan {
  const { target, active, observation } = request;
  const advances = target.seq !== active?.seq;
  const drift = driftOf(active, observation);
  const context: Context = {
    before: new Map(active?.manifest.files.map((entry) => [entry.path, entry])),
    directoriesBefore: new Map(active?.manifest.directories.map((entry) => [entry.path, entry])),
    observation,
    restore: request.drift === 'restore',
  };
  const parts = [
    ...target.manifest.directories.map((entry) => planDirectory(entry, context)),
    ...target.manifest.files.map((entry) => planFile(entry, context)),
    ...planRemovals(target.manifest, context),
  ];
  const { moves, waiting, unstaged, ...links } = planLinks(request.links, {
    target: target.manifest,
    active: active?.manifest,
    observation,
  });
  const steps = [
    ...parts.flatMap(({ step }) => step ?? []),
    ...moves.map((move): Step => ({ kind: 'link', ...move })),
  ];
  const left = parts.flatMap((part) => part.left ?? []);
  const obstacles = [...parts.flatMap(({ obstacle }) => obstacle ?? []), ...links.obstacles];
  return { steps: obstacles.length > 0 ? [] : steps, advances, drift, left, obstacles, waiting, unstaged };
}

interface Context {
  readonly before: ReadonlyMap<string, FileEntry>;
  readonly directoriesBefore: ReadonlyMap<string, DirectoryEntry>;
  readonly observation: Observation;
  readonly restore: boolean;
}

interface Part {
  readonly step?: Step;
  readonly left?: Left;
  readonly obstacle?: Left;
}

function observed(observation: Observation, path: string): Observed {
  return observation.get(path) ?? { kind: 'none' };
}

function isAsWanted(seen: Observed, entry: FileEntry): boolean {
  return seen.kind === 'file' && seen.sha256 === entry.sha256 && hasAttributes(seen, entry);
}

interface Attributes {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

function hasAttributes(seen: Attributes, wanted: Attributes): boolean {
  return seen.mode === wanted.mode && seen.owner === wanted.owner && seen.group === wanted.group;
}

function planDirectory(entry: DirectoryEntry, { observation, directoriesBefore }: Context): Part {
  const { path } = entry;
  const seen = observed(observation, path);
  if (seen.kind === 'directory' && (!entry.mountpoint || seen.mountpoint)) {
    if (hasAttributes(seen, entry)) return {};
    const before = directoriesBefore.get(path);
    // What is mounted may have been replaced since, so a mount point gets its mode and owner each time.
    const byHand = before && hasAttributes(before, entry) && !entry.mountpoint;
    if (byHand) return { left: { path, why: 'its mode or owner was changed by hand' } };
    return { step: { kind: 'adjust-directory', entry } };
  }
  if (isUnmounted(entry, seen)) {
    return { left: { path, why: 'it is no mount point, so it is not created' } };
  }
  if (seen.kind === 'none') return { step: { kind: 'make-directory', entry } };
  return { obstacle: { path, why: `a directory is wanted, and ${nameOf(seen)} lies there` } };
}

function planFile(entry: FileEntry, { observation, before, restore }: Context): Part {
  const { path } = entry;
  const seen = observed(observation, path);
  if (isAsWanted(seen, entry)) return {};
  const previous = before.get(path);
  const touched = !previous || previous.sha256 !== entry.sha256 || !hasAttributes(previous, entry);
  if (!touched && !restore)
    return { left: { path, why: 'it was changed by hand, and the promotion does not touch it' } };
  if (seen.kind !== 'none' && seen.kind !== 'file') {
    return { obstacle: { path, why: `a file is wanted, and ${nameOf(seen)} lies there` } };
  }
  const save = seen.kind === 'file' && seen.sha256 !== entry.sha256 && seen.sha256 !== previous?.sha256;
  return { step: { kind: 'write', entry, save, isNew: seen.kind === 'none' } };
}

function planRemovals({ files }: Manifest, { before, observation }: Context): Part[] {
  const kept = new Set(files.map(({ path }) => path));
  return [...before.values()]
    .filter(({ path }) => !kept.has(path))
    .map(({ path, sha256 }): Part => {
      const seen = observed(observation, path);
      if (seen.kind === 'none') return {};
      if (seen.kind !== 'file')
        return { left: { path, why: `${nameOf(seen)} lies there, which is not ours` } };
      return { step: { kind: 'remove', path, save: seen.sha256 !== sha256 } };
    });
}

function nameOf(seen: Observed): string {
  if (seen.kind === 'link') return 'a symbolic link';
  return seen.kind === 'other' ? seen.what : `a ${seen.kind}`;
}
