import { parseAllDocuments } from 'yaml';
import type { FormatProblem } from './problem.ts';

/** The first reason why a text is no YAML stream, or undefined. */
export function checkYaml(text: string): FormatProblem | undefined {
  const documents = parseAllDocuments(text, { prettyErrors: true, logLevel: 'error' });
  if (!Array.isArray(documents)) return undefined;
  const error = documents.flatMap((document) => document.errors)[0];
  if (!error) return undefined;
  const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
  return { line, column: col, message: error.message.split('\n')[0]!.replace(/ at line \d+.*$/, '') };
}
