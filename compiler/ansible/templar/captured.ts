import type { Value } from '../../jinja/jinja.ts';
import { HoleText, hasHoles, holdsHole } from '../values/hole-text.ts';
import { captureSecrets } from '../values/secret-text.ts';

/** Output that a template keeps as a value: one that can only be printed where there is a secret in it, or a hole. */
export function captured(text: string): Value {
  const value = captureSecrets(text);
  return typeof value === 'string' && hasHoles() && holdsHole(text) ? HoleText.captured(text) : value;
}
