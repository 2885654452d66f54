import type { InventoryCase } from './inventory-case.ts';

/** Cases that may be tried to make one smaller. */
const TRIES = 300;

/** The smallest inventory found that still shows a difference: fewer sources and files, then lines, then characters. */
export async function shrinkInventory(
  test: InventoryCase,
  shows: (test: InventoryCase) => Promise<boolean>,
): Promise<InventoryCase> {
  let best = test;
  let left = TRIES;
  const attempt = async (next: InventoryCase): Promise<boolean> => {
    if (left-- <= 0 || !(await shows(next))) return false;
    best = next;
    return true;
  };
  for (const source of test.sources) {
    const sources = best.sources.filter((one) => one !== source);
    if (sources.length > 0) await attempt({ ...best, sources });
  }
  for (const path of Object.keys(test.files)) {
    const { [path]: _dropped, ...files } = best.files;
    await attempt({ ...best, files });
  }
  if (best.hashBehaviour === 'merge') await attempt({ ...best, hashBehaviour: 'replace' });
  for (const path of Object.keys(best.files)) {
    for (const separator of [/(?<=\n)/u, /(?=[\s:=[\],{}"'#])/u, /(?:)/u]) {
      const replace = (text: string): InventoryCase => ({ ...best, files: { ...best.files, [path]: text } });
      await shrinkParts(best.files[path]!.split(separator), (parts) => attempt(replace(parts.join(''))));
    }
  }
  return best;
}

/** Leaves out runs of parts, long ones first, as long as the attempt succeeds. */
async function shrinkParts(
  all: readonly string[],
  attempt: (parts: readonly string[]) => Promise<boolean>,
): Promise<void> {
  let parts = all;
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < parts.length; ) {
      const fewer = parts.toSpliced(at, size);
      if (await attempt(fewer)) parts = fewer;
      else at += size;
    }
  }
}
