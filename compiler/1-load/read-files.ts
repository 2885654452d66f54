import {
  closeSync,
  type Dirent,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { MAX_FILE_BYTES } from './decode-text.ts';
import { SETTINGS_FILE, WORKSPACE_FOLDERS } from './layout.ts';
import type { SourceFiles } from './workspace.ts';

/**
 * Reads the files of a workspace from a work tree: khp.yml and what is below inventories/, releases/ and templates/, by
 * path; or below some of these folders. Hidden files are left out. Symbolic links, files too large or not readable are left out with a diagnostic.
 */
export function readWorkTree(
  root: string,
  folders: readonly string[] = WORKSPACE_FOLDERS,
): Outcome<SourceFiles> {
  const files = new Map<string, Uint8Array>();
  const diagnostics: Diagnostic[] = [];
  const walk = (folder: string, wanted: (name: string) => boolean): void => {
    const entries = attempt(folder, () => readdirSync(join(root, folder), { withFileTypes: true })) ?? [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (wanted(entry.name)) take(entry, folder === '' ? entry.name : `${folder}/${entry.name}`);
    }
  };
  const take = (entry: Dirent, path: string): void => {
    if (entry.isSymbolicLink()) {
      problem('load/symbolic-link', path, `\`${path}\` is a symbolic link, which is not followed`);
    } else if (entry.isDirectory()) {
      if (path !== SETTINGS_FILE) walk(path, (name) => !name.startsWith('.'));
    } else if (entry.isFile()) {
      const bytes = attempt(path, () => readRegular(`${root}/${path}`));
      if (bytes) files.set(path, bytes);
    } else {
      problem('load/unreadable-file', path, `\`${path}\` is no regular file`);
    }
  };
  const attempt = <T>(path: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      const reason = error instanceof TooLarge ? error.message : (error as NodeJS.ErrnoException).code;
      problem('load/unreadable-file', path, `\`${path}\` cannot be read: ${reason}`);
      return undefined;
    }
  };
  const problem = (
    code: 'load/symbolic-link' | 'load/unreadable-file',
    path: string,
    message: string,
  ): void => {
    diagnostics.push(diagnose(code, { place: { file: path, line: 1, column: 1 }, message }));
  };
  const top: ReadonlySet<string> = new Set([SETTINGS_FILE, ...folders]);
  walk('', (name) => top.has(name));
  return { value: files, diagnostics };
}

/** The workspace around a folder: the nearest of it and its parents that has khp.yml or inventories/. */
export function findWorkspace(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, SETTINGS_FILE)) || existsSync(join(folder, 'inventories'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

class TooLarge extends Error {}

/** The bytes of a file; throws where it is larger than a file may be, or cannot be read. */
export function readBounded(path: string): Uint8Array {
  checkSize(statSync(path));
  return readFileSync(path);
}

function checkSize({ size }: { readonly size: number }): void {
  if (size > MAX_FILE_BYTES) throw new TooLarge(`it has ${size} bytes, more than ${MAX_FILE_BYTES}`);
}

/** What most files of a workspace fit into, by far. */
const START = Buffer.allocUnsafe(64 * 1024);

/** As readBounded, of a regular file: a workspace has thousands of small ones, and each call of the system counts. */
function readRegular(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    while (length < START.length) {
      const count = readSync(file, START, length, START.length - length, null);
      // Only this is the end: a file system may give less than was asked for before.
      if (count === 0) return Buffer.from(START.subarray(0, length));
      length += count;
    }
    checkSize(fstatSync(file));
    return Buffer.concat([START, readFileSync(file)]);
  } finally {
    closeSync(file);
  }
}
