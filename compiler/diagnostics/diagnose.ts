import type { Diagnostic } from '../contract/diagnostic.ts';
import { CATALOGUE, type Code } from './catalogue.ts';
import { withoutPrivateKeys } from './without-private-keys.ts';

/** What the place that finds a problem knows of it; the catalogue knows the rest. */
export type Finding = Omit<Diagnostic, 'code' | 'severity'>;

/** A diagnostic of a code: its severity, and its hint where the finding has none, are the catalogue's. */
export function diagnose(code: Code, finding: Finding): Diagnostic {
  const { severity, hint } = CATALOGUE[code];
  const message = withoutPrivateKeys(finding.message);
  return { code, severity, ...(hint !== undefined && { hint }), ...finding, message };
}
