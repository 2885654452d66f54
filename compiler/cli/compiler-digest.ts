import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const COMPILER = dirname(import.meta.dirname);
/** What no compile reads: tests and what they read. */
const BESIDE = /(?:\.test\.ts|^(?:corpus|hostile))$/;

/** In a bundle, which is only used while what it was made of is as it was: codeDigest of then. */
declare const KHP_CODE_DIGEST: string | undefined;

let known: string | undefined;

/** A digest that no other compiler has: of the compiler's own code, the versions of its libraries, and Node's. */
export function compilerDigest(): string {
  known ??= createHash('sha256')
    .update(process.version)
    .update(typeof KHP_CODE_DIGEST === 'string' ? KHP_CODE_DIGEST : codeDigest())
    .digest('hex');
  return known;
}

/** A digest of the compiler's code and of the versions of its libraries. */
export function codeDigest(): string {
  const hash = createHash('sha256');
  const walk = (folder: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (BESIDE.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else hash.update(`\0${path.slice(COMPILER.length)}\0`).update(readFileSync(path));
    }
  };
  walk(COMPILER);
  return hash.update(readFileSync(join(COMPILER, '..', 'package-lock.json'))).digest('hex');
}
