import type { Diagnostic } from '../contract/diagnostic.ts';

/**
 * Every problem once, sorted by file, line, column and code (those without a place last). The same problem (code,
 * place and message) found for several hosts becomes one diagnostic that lists the hosts of all, sorted.
 */
export function sortDiagnostics(diagnostics: Iterable<Diagnostic>): Diagnostic[] {
  const byProblem = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const key = problemKey(diagnostic);
    const same = byProblem.get(key);
    if (same) same.push(diagnostic);
    else byProblem.set(key, [diagnostic]);
  }
  return [...byProblem.values()].map(merged).sort(compare);
}

function problemKey({ code, place, message }: Diagnostic): string {
  return [code, place?.file, place?.line, place?.column, message].join('\u0000');
}

function merged(same: readonly Diagnostic[]): Diagnostic {
  const first = same[0]!;
  if (same.length === 1 && !first.hosts) return first;
  const hosts = [...new Set(same.flatMap((diagnostic) => diagnostic.hosts ?? []))].sort();
  return hosts.length > 0 ? { ...first, hosts } : first;
}

function compare(a: Diagnostic, b: Diagnostic): number {
  if (!a.place || !b.place) {
    if (a.place) return -1;
    if (b.place) return 1;
  } else {
    const byPlace =
      compareTexts(a.place.file, b.place.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column;
    if (byPlace !== 0) return byPlace;
  }
  return compareTexts(a.code, b.code) || compareTexts(a.message, b.message);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
