export type Files = Readonly<Record<string, string>>;

/** The smallest files found that still show a difference: fewer files, then fewer lines, then fewer characters. */
export async function shrinkFiles(
  files: Files,
  shows: (files: Files) => Promise<boolean>,
  tries: number,
): Promise<Files> {
  let best = files;
  let left = tries;
  const attempt = async (next: Files): Promise<boolean> => {
    if (left-- <= 0 || !(await shows(next))) return false;
    best = next;
    return true;
  };
  for (const path of Object.keys(files)) {
    const { [path]: _dropped, ...fewer } = best;
    await attempt(fewer);
  }
  for (const separator of [/(?<=\n)/u, /(?=[\s:=[\],{}"'#])/u, /(?:)/u]) {
    for (const path of Object.keys(best)) {
      const parts = best[path]!.split(separator);
      await shrinkParts(parts, (fewer) => attempt({ ...best, [path]: fewer.join('') }));
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
