import type { EnvironmentOptions } from '../../jinja/jinja.ts';
import { AnsibleEnvironment } from './ansible-environment.ts';
import { captured } from './captured.ts';
import { finalize } from './finalize.ts';
import { lastPrinted } from './last-printed.ts';

type Texts = ReadonlyMap<string, string>;

const known = new WeakMap<Texts, Map<string, AnsibleEnvironment>>();

/** What an environment is for: the value of a variable, or a file. */
export type Purpose = 'variable' | 'file';

/** The environment for some texts, a search path and settings of a template's first line; made once. */
export function environmentFor(
  purpose: Purpose,
  texts: Texts,
  { searchPath, overrides }: { searchPath: readonly string[]; overrides: EnvironmentOptions },
): AnsibleEnvironment {
  let environments = known.get(texts);
  if (!environments) {
    environments = new Map();
    known.set(texts, environments);
  }
  const key = JSON.stringify([purpose, searchPath, overrides]);
  let environment = environments.get(key);
  if (!environment) {
    environment = new AnsibleEnvironment(
      {
        ...overrides,
        capture: captured,
        finalize: purpose === 'file' ? finalize : lastPrinted.finalize,
      },
      { texts, searchPath },
    );
    environments.set(key, environment);
  }
  return environment;
}
