import { type Compilation, compile } from '../compile.ts';
import { progress } from './console.ts';
import { count } from './diff-text.ts';
import { hasErrors, strictly, tellDiagnostics } from './print-diagnostics.ts';
import { parseSelectors, type Selection } from './selector.ts';
import type { Source } from './work-tree.ts';

export interface CompileAllOptions {
  readonly json: boolean;
  /** Every host where not said. */
  readonly selection?: Selection;
  /** Whether warnings are errors. */
  readonly strict?: boolean;
}

/** Everything that is selected, compiled; undefined where there is an error. Problems are told, warnings too. */
export function compileAll(
  source: Source,
  { json, selection = parseSelectors([]), strict = false }: CompileAllOptions,
): Compilation | undefined {
  const { value, diagnostics: found } = compile(source, {
    matches: (host) => selection.matches(host),
    onProgress: (done, total) => progress(`compiled ${done} of ${count(total, 'host')}`),
  });
  progress('');
  const diagnostics = strict ? strictly(found) : found;
  tellDiagnostics(diagnostics, source.files, json);
  return hasErrors(diagnostics) ? undefined : value;
}
