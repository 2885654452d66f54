import { accessSync, constants, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { readBounded } from './read-files.ts';
import type { SourceFiles } from './workspace.ts';

/** What a path leads to; links are followed. `none` is what does not exist, or cannot be reached. */
export type PathKind = 'file' | 'folder' | 'other' | 'none';

/** The bytes that the files of one plain inventory may have together: 64 MiB. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

/**
 * The files that a plain Ansible inventory is read from. Paths are as the user gave them, taken from one folder. Links
 * are followed, as Ansible does; what is no regular file is never opened.
 */
export class AnsibleFiles {
  readonly diagnostics: Diagnostic[] = [];
  readonly #folder: string;
  readonly #bytes = new Map<string, Uint8Array | undefined>();
  #total = 0;

  /** @param folder where relative paths begin. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Every file that was read, by its path. */
  get read(): SourceFiles {
    return new Map([...this.#bytes].flatMap(([path, bytes]) => (bytes ? [[path, bytes] as const] : [])));
  }

  kind(path: string): PathKind {
    const stats = this.#stats(path);
    if (stats === undefined) return 'none';
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  }

  isExecutable(path: string): boolean {
    try {
      accessSync(this.#absolute(path), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }

  /** The path without links, by which two ways to one folder are known to be one. */
  real(path: string): string {
    try {
      return realpathSync(this.#absolute(path));
    } catch {
      return this.#absolute(path);
    }
  }

  /** The names in a folder, sorted as Python sorts them. */
  names(folder: string): string[] {
    try {
      const names = readdirSync(this.#absolute(folder), { encoding: 'buffer' });
      return names.sort(Buffer.compare).map((name) => name.toString('utf8'));
    } catch (error) {
      this.#unreadable(folder, `\`${folder}\` cannot be read: ${(error as NodeJS.ErrnoException).code}`);
      return [];
    }
  }

  /** The bytes of a file, read once; undefined, with a diagnostic, where they cannot be had. */
  bytes(path: string): Uint8Array | undefined {
    if (!this.#bytes.has(path)) this.#bytes.set(path, this.#load(path));
    return this.#bytes.get(path);
  }

  #load(path: string): Uint8Array | undefined {
    const stats = this.#stats(path);
    if (stats === undefined) return this.#unreadable(path, `there is no file \`${path}\``);
    if (!stats.isFile()) return this.#unreadable(path, `\`${path}\` is no regular file`);
    try {
      const bytes = readBounded(this.#absolute(path));
      this.#total += bytes.length;
      if (this.#total <= MAX_TOTAL_BYTES) return bytes;
      return this.#unreadable(path, `the files of the inventory have more than ${MAX_TOTAL_BYTES} bytes`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return this.#unreadable(path, `\`${path}\` cannot be read: ${code ?? message}`);
    }
  }

  #stats(path: string): Stats | undefined {
    try {
      return statSync(this.#absolute(path));
    } catch {
      return undefined;
    }
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? normalize(path) : join(this.#folder, path);
  }

  #unreadable(path: string, message: string): undefined {
    const place = { file: path, line: 1, column: 1 };
    this.diagnostics.push(diagnose('load/unreadable-file', { place, message, hint: HINT }));
  }
}

const HINT =
  'give a file or a folder that can be read, or a list of hosts that ends in a comma: `host1,host2,`';
