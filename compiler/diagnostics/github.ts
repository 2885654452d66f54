import type { Diagnostic } from '../contract/diagnostic.ts';
import { hostsText } from './pretty.ts';
import { sortDiagnostics } from './sort.ts';

/**
 * Diagnostics as workflow commands of GitHub Actions, one a line, which show beside the lines of a pull request:
 * `::error file=…,line=…,col=…,title=…::message`. Sorted and merged by sortDiagnostics; the sources are not needed.
 */
export function printGithub(diagnostics: Iterable<Diagnostic>): string {
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => `${command(diagnostic)}\n`)
    .join('');
}

function command({ code, severity, place, message, hint, related = [], hosts }: Diagnostic): string {
  const properties: [string, string | number | undefined][] = [
    ['file', place?.file],
    ['line', place?.line],
    ['endLine', place?.endLine],
    ['col', place?.column],
    ['endColumn', place?.endColumn],
    ['title', code],
  ];
  const lines = [message];
  for (const part of related) {
    lines.push(`${part.message}: ${part.place.file}:${part.place.line}:${part.place.column}`);
  }
  const on = hostsText(hosts);
  if (on !== undefined) lines.push(`on: ${on}`);
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  const written = properties.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return `::${severity} ${written.join(',')}::${escapeData(lines.join('\n'))}`;
}

// The escapes of github.com/actions/toolkit, packages/core/src/command.ts.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
