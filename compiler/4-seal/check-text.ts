import type { Format } from '../1-load/component.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { SECRET_MARKER } from '../contract/secret-marker.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { checkFormat, type MalformedText } from './format/check-format.ts';

/** A rendered text that belongs to no file of a host. */
export interface LooseText {
  /** What it is called in a message. */
  readonly name: string;
  readonly text: string;
  /** Where the markers begin that khp wrote, in UTF-16 code units. */
  readonly secrets: readonly number[];
  /** Those of the files that it is for. */
  readonly formats: readonly Format[];
}

/** The problem for which no file, or none of the formats, could hold a text: what seal() says of each file. */
export function checkText(
  { name, text, secrets, formats }: LooseText,
  locate: (at: { line: number; column: number }) => Place,
): Diagnostic[] {
  for (const format of ['text' as const, ...formats]) {
    const malformed = checkFormat(text, format);
    if (malformed) return [malformedProblem({ name, text }, malformed, locate(malformed))];
  }
  const forged = forgedMarker(text, new Set(secrets));
  if (forged < 0) return [];
  const before = text.slice(0, forged).split('\n');
  return [markerProblem(name, locate({ line: before.length, column: before.at(-1)!.length + 1 }))];
}

/** Where a text holds the marker of a secret that khp did not write, in UTF-16 code units; -1 where it does not. */
export function forgedMarker(text: string, ours: ReadonlySet<number>): number {
  let at = text.indexOf(SECRET_MARKER);
  while (ours.has(at)) at = text.indexOf(SECRET_MARKER, at + 1);
  return at;
}

export function markerProblem(name: string, place: Place): Diagnostic {
  const message = `${name} holds the text "${SECRET_MARKER}", which only khp itself may write`;
  return diagnose('seal/secret-marker', { place, message });
}

export function malformedProblem(
  { name, text }: Pick<LooseText, 'name' | 'text'>,
  problem: MalformedText,
  place: Place,
): Diagnostic {
  const line = text.split('\n')[problem.line - 1]?.trim() ?? '';
  const message = `${name} is malformed: ${problem.message} (line ${problem.line} of the rendered file: ${quote(line)})`;
  return diagnose(`seal/malformed-${problem.format}`, { place, message });
}

function quote(line: string): string {
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 79)}…` : line);
}
