import type { SourceFiles } from '../1-load/workspace.ts';

/** About how many hosts a cluster's inventory declares: good enough to share clusters out, and for nothing else. */
export function estimateHosts(paths: readonly string[], files: SourceFiles): number {
  let hosts = 0;
  for (const path of paths.filter((one) => /\.(?:ini|hosts\.yml)$/.test(one))) {
    const text = Buffer.from(files.get(path)!).toString('latin1');
    for (const line of text.split('\n').filter((one) => /^\s*[^\s#;[]/.test(one))) {
      const ranges = [...line.matchAll(/\[(\d+):(\d+)\]/g)].map(
        ([, from, to]) => Number(to) - Number(from) + 1,
      );
      hosts += ranges.reduce((product, size) => product * Math.max(size, 1), 1);
    }
  }
  return hosts;
}
