import type { ArtifactEntry, Manifest } from '../../../compiler/contract/manifest.ts';
import { folderName, folderPath } from '../artifacts/artifact-folder.ts';
import type { Observation } from './observation.ts';
import type { Left } from './plan.ts';

/** Where the link of a component is to lead. */
export interface WantedLink {
  readonly component: string;
  readonly path: string;
  readonly target: string;
}

/** A link that is to be moved. */
export interface LinkMove extends WantedLink {
  /** Where it leads now; null where nothing lies there. */
  readonly from: string | null;
}

/** What is to be done with the links of artifacts. */
export interface LinkRequest {
  readonly wanted: readonly WantedLink[];
  /** Components whose services on this host are all stopped, so that their links may move. */
  readonly switchable: ReadonlySet<string>;
  /** Folders of the artifacts that are unpacked, whole. */
  readonly staged: ReadonlySet<string>;
}

/** What becomes of the links. */
export interface LinkPlan {
  readonly moves: readonly LinkMove[];
  /** Those that move once the services of their component are stopped. */
  readonly waiting: readonly LinkMove[];
  readonly obstacles: readonly Left[];
  /** Artifacts of the target that are not unpacked yet. */
  readonly unstaged: readonly ArtifactEntry[];
}

/** The links that a manifest wants, in its order. */
export function linksOf({ artifacts }: Pick<Manifest, 'artifacts'>): WantedLink[] {
  return artifacts.map((artifact) => ({
    component: artifact.component,
    path: artifact.link,
    target: folderName(artifact),
  }));
}

/**
 * Sorts the links into those that move now and those that wait. A link that is missing, or whose component has no service
 * on this host, has nobody to disturb. A link is never removed.
 */
export function planLinks(
  { wanted, switchable, staged }: LinkRequest,
  {
    target,
    active,
    observation,
  }: {
    readonly target: Manifest;
    readonly active: Manifest | undefined;
    readonly observation: Observation;
  },
): LinkPlan {
  const services = [...target.services, ...(active?.services ?? [])];
  const withService = new Set(services.map(({ component }) => component));
  const moves: LinkMove[] = [];
  const waiting: LinkMove[] = [];
  const obstacles: Left[] = [];
  for (const link of wanted) {
    const seen = observation.get(link.path) ?? { kind: 'none' };
    if (seen.kind === 'link' && seen.target === link.target) continue;
    if (seen.kind === 'none') moves.push({ ...link, from: null });
    else if (seen.kind === 'link') {
      const isFree = switchable.has(link.component) || !withService.has(link.component);
      (isFree ? moves : waiting).push({ ...link, from: seen.target });
    } else {
      const what = seen.kind === 'other' ? seen.what : `a ${seen.kind}`;
      obstacles.push({ path: link.path, why: `the link of an artifact is wanted, and ${what} lies there` });
    }
  }
  const unstaged = target.artifacts.filter((artifact) => !staged.has(folderPath(artifact)));
  return { moves, waiting, obstacles, unstaged };
}
