import { canonicalJson } from '../contract/canonical-json.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { sortDiagnostics } from './sort.ts';

/**
 * Diagnostics for programs: `{ "diagnostics": [Diagnostic…] }` as canonical JSON, sorted and merged by
 * sortDiagnostics. The sources are not printed; a program has the files.
 */
export function printJson(diagnostics: Iterable<Diagnostic>): string {
  return canonicalJson({ diagnostics: sortDiagnostics(diagnostics) });
}
