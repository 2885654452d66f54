import { quoted } from './quoted.ts';

/** Parts that begin with a letter, digit, `_` or `-`, and have nothing but these and dots: as most paths are. */
const PLAIN = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** A path as git fast-import takes it. Throws where it is none (empty parts, `.`, `..`, NUL). */
export function importPath(path: string): string {
  if (PLAIN.test(path)) return path;
  const broken = path.includes('\0') || path.split('/').some((part) => ['', '.', '..'].includes(part));
  if (broken) throw new Error(`not a path of a tree: ${JSON.stringify(path)}`);
  return /["\\\n]/.test(path) ? quoted(path) : path;
}
