import { styleText } from 'node:util';
import type { Diagnostic, Place, Related } from '../contract/diagnostic.ts';
import { codeFrame } from './code-frame.ts';
import { displayText } from './display-width.ts';
import { linesOf } from './line-ends.ts';
import { sortDiagnostics } from './sort.ts';

/** The text of a source file by its path from the workspace's root; undefined where there is none. */
export type Sources = (file: string) => string | undefined;

export interface PrettyOptions {
  /** Colours of a terminal; plain text by default. */
  readonly colour?: boolean;
}

/** The lines of a source file. */
type SourceLines = (file: string) => readonly string[];

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/**
 * Diagnostics as a person reads them in a terminal: what, where, the lines around it, the hosts, the hint; a count at
 * the end. Sorted and merged by sortDiagnostics. Empty where there are none.
 */
export function printPretty(
  diagnostics: Iterable<Diagnostic>,
  sources: Sources,
  { colour = false }: PrettyOptions = {},
): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.length === 0) return '';
  const lines = remembered(sources);
  const parts = sorted.map((diagnostic) => printOne(diagnostic, lines, paint));
  return `${parts.join('\n')}\n${summary(sorted)}\n`;
}

/** Each file is read and split once, however many problems it has. */
function remembered(sources: Sources): SourceLines {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    let lines = known.get(file);
    if (!lines) {
      const text = sources(file);
      lines = text === undefined ? [] : linesOf(text);
      known.set(file, lines);
    }
    return lines;
  };
}

/** `2 errors, 1 warning`. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [];
  if (errors > 0) parts.push(counted(errors, 'error'));
  if (warnings > 0) parts.push(counted(warnings, 'warning'));
  return parts.join(', ');
}

/** `dn1.example` or `dn1.example and 411 other hosts`; undefined where no hosts are named. */
export function hostsText(hosts: readonly string[] | undefined): string | undefined {
  const first = hosts?.[0];
  if (hosts === undefined || first === undefined) return undefined;
  return hosts.length === 1 ? first : `${first} and ${counted(hosts.length - 1, 'other host')}`;
}

function printOne(diagnostic: Diagnostic, sources: SourceLines, paint: Paint): string {
  const { code, severity, place, message, hint, related = [], hosts } = diagnostic;
  const tone = severity === 'error' ? 'red' : 'yellow';
  const gutter = gutterOf([place, ...related.map((part) => part.place)]);
  const lines = [`${paint([tone, 'bold'], `${severity}[${code}]`)} ${paint('bold', displayText(message))}`];
  if (place) lines.push(...printPlace({ place, sources, gutter }, tone, paint));
  for (const part of related) lines.push(...printRelated(part, { sources, gutter }, paint));
  const note = (label: string, text: string): void => {
    lines.push(
      `${' '.repeat(gutter)} ${paint('cyan', '=')} ${paint('bold', `${label}:`)} ${displayText(text)}`,
    );
  };
  const on = hostsText(hosts);
  if (on !== undefined) note('on', on);
  if (hint !== undefined) note('hint', hint);
  return `${lines.join('\n')}\n`;
}

interface Frame {
  readonly place: Place;
  readonly sources: SourceLines;
  /** The width of the line numbers, for all frames of a diagnostic. */
  readonly gutter: number;
}

function printPlace({ place, sources, gutter }: Frame, tone: Style, paint: Paint): string[] {
  const bar = paint('cyan', '|');
  const lines = [`${' '.repeat(gutter)}${paint('cyan', '-->')} ${placeText(place)}`];
  for (const line of codeFrame(sources(place.file), place)) {
    const number = paint('cyan', String(line.number ?? '').padStart(gutter));
    const shown = line.number === undefined ? paint(tone, line.text) : line.text;
    lines.push(`${number} ${bar}${shown === '' ? '' : ` ${shown}`}`);
  }
  return lines;
}

function printRelated(related: Related, frame: Omit<Frame, 'place'>, paint: Paint): string[] {
  const { sources, gutter } = frame;
  return [
    `${' '.repeat(gutter)} ${paint('cyan', '=')} ${displayText(related.message)}:`,
    ...printPlace({ place: related.place, sources, gutter }, 'cyan', paint),
  ];
}

function gutterOf(places: readonly (Place | undefined)[]): number {
  return Math.max(...places.map((place) => String((place?.line ?? 0) + 1).length));
}

/** `file:line:column`, as editors and terminals link it. */
export function placeText({ file, line, column }: Place): string {
  return `${displayText(file)}:${line}:${column}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
