import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const COMPILER = dirname(import.meta.dirname);
/** What no compile reads: tests and what they read. */
const BESIDE = /(?:\.test\.ts|^(?:corpus|hostile))$/;

let known: string | undefined;

/** A digest that no other compiler has: of the compiler's own code, the versions of its libraries, and Node's. */
export function compilerDigest(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(process.version);
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
  known = hash.update(readFileSync(join(COMPILER, '..', 'package-lock.json'))).digest('hex');
  return known;
}
