import type { Diagnostic } from '../contract/diagnostic.ts';

/** A problem whose message names what each host has otherwise is told in this many forms at most. */
const MAX_MESSAGES = 3;

/**
 * Every problem once, sorted by file, line, column and code (those without a place last). The same problem (code,
 * places and message) found for several hosts becomes one diagnostic that lists the hosts of all, sorted. One place of a
 * template is wrong in many words where the message quotes what a host's value is: beyond three, they are one problem in
 * the words of its first host.
 */
export function sortDiagnostics(diagnostics: Iterable<Diagnostic>): Diagnostic[] {
  const byPlace = Map.groupBy(diagnostics, placeKey);
  return [...byPlace.values()].flatMap(oncePerMessage).sort(compare);
}

function placeKey({ code, place, related }: Diagnostic): string {
  // Of one value, several rules or declarations may say that it is wrong: each is a problem, and named last.
  const rule = code.startsWith('check/') ? related?.at(-1)?.place : undefined;
  return [code, ...[place, rule].flatMap((at) => [at?.file, at?.line, at?.column])].join('\u0000');
}

function oncePerMessage(samePlace: readonly Diagnostic[]): Diagnostic[] {
  const groups = Map.groupBy(samePlace, ({ message, related }) => JSON.stringify([message, related]));
  const problems = [...groups.values()].map(merged);
  const ofHosts = problems.filter(({ hosts, place }) => hosts && place);
  if (ofHosts.length <= MAX_MESSAGES) return problems;
  const ordered = ofHosts.sort((a, b) => compareTexts(a.hosts![0]!, b.hosts![0]!) || compare(a, b));
  const others = `${ordered.length - 1} other forms of it, on other hosts`;
  const { message, ...first } = merged(ordered);
  return [
    ...problems.filter((problem) => !ofHosts.includes(problem)),
    { ...first, message: `${message} (and ${others})` },
  ];
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
  const [textOfA, textOfB] = [a, b].map(({ related }) => JSON.stringify(related ?? []));
  return (
    compareTexts(a.code, b.code) || compareTexts(a.message, b.message) || compareTexts(textOfA!, textOfB!)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
