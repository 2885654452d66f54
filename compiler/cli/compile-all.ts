import { type Compilation, compile } from '../compile.ts';
import { progress } from './console.ts';
import { count } from './diff-text.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import { parseSelectors, type Selection } from './selector.ts';
import type { Source } from './source.ts';

/** Everything that is selected, compiled; undefined where there is an error. Problems are told, warnings too. */
export function compileAll(
  source: Source,
  json: boolean,
  selection: Selection = parseSelectors([]),
): Compilation | undefined {
  const { value, diagnostics } = compile(source, {
    matches: (host) => selection.matches(host),
    onProgress: (done, total) => progress(`compiled ${done} of ${count(total, 'host')}`),
  });
  progress('');
  tellDiagnostics(diagnostics, source.files, json);
  return hasErrors(diagnostics) ? undefined : value;
}
