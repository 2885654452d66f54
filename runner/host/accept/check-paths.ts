import type { Manifest } from '../../../compiler/contract/manifest.ts';
import { folderPath } from '../artifacts/artifact-folder.ts';
import { SETTINGS_PATH, STATE_PATH } from '../config/layout.ts';
import { type AcceptPolicy, quoted, type Refusal } from './verdict.ts';

/** The host's trust in khp and the runner's own state: no bundle touches them, whatever runner.yml allows. */
const RESERVED = [SETTINGS_PATH, STATE_PATH];

/** Temporary files and saved copies of the runner bear this in their names. */
const OWN_NAME = /\.khp-/;

/** What shows a name as another one: controls of terminals and of the direction of writing, line separators. */
const DECEIVING = /[\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Bytes of one name in a path; the file systems' own limit, less what a saved copy adds to it. */
const MAX_NAME = 255 - 40;

/** Whether the paths of files, directories and links are ones that this host allows, and don't clash. */
export function checkPaths(
  manifest: Manifest,
  policy: Pick<AcceptPolicy, 'paths' | 'reserved'>,
): Refusal | undefined {
  const files = manifest.files.map(({ path }) => path);
  // The folder that the runner makes beside a link is as much of the bundle's as the link.
  const links = manifest.artifacts.flatMap((artifact) => [artifact.link, folderPath(artifact)]);
  const directories = manifest.directories.map(({ path }) => path);
  for (const path of [...files, ...links, ...directories]) {
    const refusal = checkPath(path, policy);
    if (refusal) return refusal;
  }
  return checkClashes([...files, ...links], directories);
}

/** Whether one path is one that this host allows. */
export function checkPath(
  path: string,
  { paths: allowed, reserved }: Pick<AcceptPolicy, 'paths' | 'reserved'>,
): Refusal | undefined {
  const one = path.toLowerCase();
  const own = [...RESERVED, ...reserved.map((prefix) => prefix.toLowerCase())];
  if (own.some((prefix) => isWithin(one, prefix) || isWithin(prefix, one))) {
    return { code: 'accept/path-reserved', message: `${quoted(path)} belongs to khp itself` };
  }
  if (!allowed.some((prefix) => isWithin(path, prefix))) {
    return {
      code: 'accept/path-outside',
      message: `${quoted(path)} lies outside of the allowed paths of runner.yml (${allowed.join(', ')})`,
    };
  }
  const odd = path
    .slice(1)
    .split('/')
    .find((name) => !isFit(name));
  if (odd === undefined) return undefined;
  return { code: 'accept/path-name', message: `${quoted(odd)} in ${quoted(path)} is no name for a file` };
}

function isFit(name: string): boolean {
  const odd = name.startsWith('-') || OWN_NAME.test(name) || DECEIVING.test(name) || !name.isWellFormed();
  return !odd && Buffer.byteLength(name) <= MAX_NAME;
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** Files and links are leaves; a directory may be named once, and may hold anything. Case never tells two apart. */
function checkClashes(leaves: readonly string[], directories: readonly string[]): Refusal | undefined {
  const seen = new Map<string, string>();
  // The spelling of every folder above a path counts too: /a/B/x and /a/b/y are one folder to some file systems.
  const spelling = new Map<string, string>();
  const leafNames = new Set(leaves.map(folded));
  for (const path of [...leaves, ...directories]) {
    const twin = seen.get(folded(path));
    if (twin !== undefined) return clash(path, twin);
    seen.set(folded(path), path);
    for (const folder of [...foldersOf(path), path]) {
      const other = spelling.get(folded(folder));
      if (other !== undefined && other !== folder) return clash(folder, other);
      spelling.set(folded(folder), folder);
    }
    const above = foldersOf(path).find((folder) => leafNames.has(folded(folder)));
    if (above !== undefined) return clash(path, above);
  }
  return undefined;
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function foldersOf(path: string): string[] {
  const parts = path.slice(1).split('/').slice(0, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

function clash(path: string, other: string): Refusal {
  const how = path === other ? 'stands twice' : `clashes with ${quoted(other)}`;
  return { code: 'accept/path-clash', message: `${quoted(path)} ${how}` };
}
