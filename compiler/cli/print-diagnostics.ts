import type { SourceFiles } from '../1-load/workspace.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { printGithub } from '../diagnostics/github.ts';
import { printJson } from '../diagnostics/json.ts';
import { printPretty } from '../diagnostics/pretty.ts';
import { print, remark, usesColor } from './console.ts';

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** The diagnostics as `--strict` has them: every warning is an error. */
export function strictly(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'error' }));
}

/** The diagnostics as text with code frames; under GitHub Actions as workflow commands, which show beside the lines. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], files: SourceFiles): string {
  const sources = (file: string) => {
    const bytes = files.get(file);
    return bytes && new TextDecoder().decode(bytes);
  };
  const pretty = printPretty(diagnostics, sources, { colour: usesColor() });
  return process.env.GITHUB_ACTIONS === 'true' ? pretty + printGithub(diagnostics) : pretty;
}

/**
 * Tells what was found wrong, on stderr; errors under `--json` on stdout, as `{ "diagnostics": [...] }`: there is no
 * other result then.
 */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], files: SourceFiles, json: boolean): void {
  if (json && hasErrors(diagnostics)) print(printJson(diagnostics));
  else if (diagnostics.length > 0) remark(diagnosticsText(diagnostics, files));
}
