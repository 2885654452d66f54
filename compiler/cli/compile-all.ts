import { type Compilation, compile } from '../compile.ts';
import { progress, remark } from './console.ts';
import { count } from './diff-text.ts';
import { diagnosticsText, hasErrors } from './print-diagnostics.ts';
import { parseSelectors, type Selection } from './selector.ts';
import type { Source } from './source.ts';

/** Everything that is selected, compiled; undefined where there is an error. Problems are told on stderr, warnings too. */
export function compileAll(
  source: Source,
  selection: Selection = parseSelectors([]),
): Compilation | undefined {
  const { value, diagnostics } = compile(source, {
    matches: (host) => selection.matches(host),
    onProgress: (done, total) => progress(`compiled ${done} of ${count(total, 'host')}`),
  });
  progress('');
  if (diagnostics.length > 0) remark(diagnosticsText(diagnostics, source.files));
  return hasErrors(diagnostics) ? undefined : value;
}
