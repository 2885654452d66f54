import type { RenderedHost } from '../3-render/rendered-host.ts';
import { canonicalJson } from '../contract/canonical-json.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { absolutePath } from '../contract/manifest.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { checkArtifacts } from './check-artifacts.ts';
import { checkFolders } from './check-folders.ts';

interface Placed {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly place: Place;
  /** All that is said of it, to tell whether two say the same. */
  readonly definition?: string;
}

/** What no component may touch, whatever khp.yml allows: the host's trust in khp, and the runner's own state. */
const FORBIDDEN = ['/etc/khp', '/var/lib/khp'];

/**
 * All that can be told from paths, directories and artifacts, for many hosts: what was found to be right on one is right on
 * those that have the same.
 */
export function pathChecker(allowed: readonly string[]): (host: RenderedHost) => Diagnostic[] {
  const right = new Set<string>();
  const numbers = new WeakMap<object, number>();
  let last = 0;
  const numberOf = (entry: object): number => {
    const number = numbers.get(entry) ?? ++last;
    numbers.set(entry, number);
    return number;
  };
  return (host) => {
    const { files, directories, artifacts } = host;
    // No path that is right has a line feed in it.
    const key = [
      ...files.map(({ path, owner }) => `${path} ${owner}`),
      ...[...directories, ...artifacts].map(({ entry }) => numberOf(entry)),
    ].join('\n');
    if (right.has(key)) return [];
    const found = [...checkPaths(host, allowed), ...checkFolders(host), ...checkArtifacts(host)];
    if (found.length === 0) right.add(key);
    return found;
  };
}

/**
 * Finds paths that are not absolute in their shortest form, lie outside the allowed prefixes or in khp's own folders,
 * stand twice, differ only by case, or lie below another file.
 */
export function* checkPaths(host: RenderedHost, allowed: readonly string[]): Iterable<Diagnostic> {
  const seen = new Map<string, Placed>();
  const folded = new Map<string, Placed>();
  const all = placedPaths(host);
  for (const placed of all) {
    const wrong = wrongPath(placed.path, allowed);
    if (wrong) yield diagnose('seal/path-outside', { ...wrong, place: placed.place, hosts: [host.host] });
    const twin = seen.get(placed.path) ?? folded.get(placed.path.toLowerCase());
    if (twin && !isSameDirectory(placed, twin)) yield clash(host, placed, twin);
    seen.set(placed.path, placed);
    folded.set(placed.path.toLowerCase(), placed);
  }
  for (const placed of all) {
    const above = ancestors(placed.path)
      .map((path) => seen.get(path))
      .find((other) => other?.kind === 'file');
    if (above) yield clash(host, placed, above);
  }
}

/** Roles of one host may share a directory, if they agree on what it is. */
function isSameDirectory(a: Placed, b: Placed): boolean {
  return a.path === b.path && a.kind === 'directory' && a.definition === b.definition;
}

function placedPaths(host: RenderedHost): Placed[] {
  return [
    ...host.files.map(({ path, pathPlace }): Placed => ({ path, kind: 'file', place: pathPlace })),
    ...host.directories.map(
      ({ entry, place }): Placed => ({
        path: entry.path,
        kind: 'directory',
        place,
        definition: canonicalJson(entry),
      }),
    ),
    ...host.artifacts.map(({ entry, place }): Placed => ({ path: entry.link, kind: 'link', place })),
  ];
}

function wrongPath(path: string, allowed: readonly string[]): { message: string; hint: string } | undefined {
  if (!absolutePath.safeParse(path).success) {
    return {
      message: `${JSON.stringify(path)} is no absolute path in its shortest form`,
      hint: 'begin it with "/", without "//", "." or "..", control characters, or "/" at the end',
    };
  }
  if (FORBIDDEN.some((prefix) => isWithin(path, prefix))) {
    return { message: `${path} belongs to khp itself`, hint: 'put the file elsewhere' };
  }
  if (allowed.some((prefix) => isWithin(path, prefix))) return undefined;
  return {
    message: `${path} lies outside of the allowed paths (${allowed.join(', ')})`,
    hint: 'put it below one of them, or add a prefix to `paths` in khp.yml and in runner.yml of the hosts',
  };
}

function isWithin(path: string, prefix: string): boolean {
  const folder = prefix.replace(/\/+$/, '');
  return path === folder || path.startsWith(`${folder}/`);
}

function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(2).map((_, index) => parts.slice(0, index + 2).join('/'));
}

function clash(host: RenderedHost, placed: Placed, other: Placed): Diagnostic {
  const how =
    placed.path === other.path
      ? `${placed.path} is put there twice`
      : placed.path.startsWith(`${other.path}/`)
        ? `${placed.path} lies below ${other.path}, which is a file`
        : `${placed.path} and ${other.path} differ only by case`;
  return diagnose('seal/duplicate-path', {
    message: how,
    place: placed.place,
    hosts: [host.host],
    related: [{ place: other.place, message: `the other ${other.kind}` }],
  });
}
