import {
  asText,
  type Keywords,
  LimitError,
  Markup,
  type PyFunction,
  PyText,
  pyFunction,
  str,
  truth,
  Undefined,
  UndefinedError,
  UnsupportedError,
  type Value,
} from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { activeTemplar } from '../templar/active-templar.ts';
import { AnsibleUndefined } from '../templar/ansible-undefined.ts';
import { failOnUndefined } from '../templar/finalize.ts';
import { hasHoles, refuseHoles } from '../values/hole-text.ts';
import { UnsafeText } from '../values/unsafe-text.ts';
import { FILE_LOOKUPS } from './file-lookups.ts';
import { LIST_LOOKUPS } from './list-lookups.ts';
import type { Lookup } from './lookup.ts';
import { sequence } from './sequence.ts';
import { VARIABLE_LOOKUPS } from './variable-lookups.ts';

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  ...FILE_LOOKUPS,
  ...LIST_LOOKUPS,
  ...VARIABLE_LOOKUPS,
  sequence,
};

/** Lookups that would give something else on another machine or at another time, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  config: "reads Ansible's settings of the machine; write the value",
  lines: 'runs a command; keep its output in a variable or a file of the workspace',
  password: 'makes a password or reads one of the machine; keep it in a variable',
  pipe: 'runs a command; keep its output in a variable or a file of the workspace',
  random_choice: 'gives another value in every run; use the filter random with a seed',
  unvault: 'needs a vault password, and nothing is decrypted here',
  url: 'reads the network; keep the content in a file of the workspace',
};

function lookupNamed(written: string): Lookup {
  const name = written.replace(/^ansible\.(?:builtin|legacy)\./, '');
  if (Object.hasOwn(LOOKUPS, name)) return LOOKUPS[name]!;
  if (Object.hasOwn(REFUSED, name)) throw new UnsupportedError(`the lookup '${name}' ${REFUSED[name]}`);
  const collection = /^([^.]+\.[^.]+)\.[^.]+$/.exec(name)?.[1];
  if (collection !== undefined) {
    throw new AnsibleError(
      `the lookup '${name}' belongs to the collection ${collection}, and only ansible.builtin is built in`,
    );
  }
  throw new AnsibleError(`lookup plugin (${name}) not found`);
}

function runLookup(name: Value, terms: readonly Value[], keywords: Keywords): Value {
  const options = new Map(keywords);
  const wantList = truth(options.get('wantlist') ?? false);
  const errors = str(options.get('errors') ?? 'strict');
  for (const option of ['wantlist', 'errors', 'allow_unsafe']) options.delete(option);
  const lookup = lookupNamed(asText(name) ?? str(name));
  let found: Value[];
  try {
    found = lookup({ terms: terms.map(templated), options });
  } catch (error) {
    const ignored = error instanceof AnsibleError && (errors === 'ignore' || errors === 'warn');
    if (!ignored || error instanceof UndefinedError || error instanceof LimitError) throw error;
    return wantList ? [] : null;
  }
  found = found.map(protectedText);
  // Several are joined where all are texts.
  if (hasHoles() && found.length > 1) for (const one of found) refuseHoles(one);
  if (wantList || found.length === 0) return found;
  if (found.every((item) => asText(item) !== undefined))
    return protectedText(found.map((item) => asText(item)!).join(','));
  return found.length === 1 ? found[0]! : found;
}

/** What a lookup found is never read as a template. */
function protectedText(value: Value): Value {
  if (value instanceof Markup) return value.text;
  return typeof value === 'string' && /\{[{%#]/.test(value) ? new UnsafeText(value) : value;
}

/** A term as a lookup gets it: templated once more, unless it must not be. */
function templated(term: Value): Value {
  if (term instanceof Undefined) term.fail();
  if (term instanceof PyText) return term;
  failOnUndefined(term);
  return activeTemplar().template(term);
}

const query = pyFunction('plugin_name / *terms **options', (name: Value, terms: Value[], options: Keywords) =>
  runLookup(name, terms, new Map([...options, ['wantlist', true]])),
);

/** Ansible's global functions. */
export const GLOBALS: Readonly<Record<string, PyFunction>> = {
  lookup: pyFunction('plugin_name / *terms **options', (name: Value, terms: Value[], options: Keywords) =>
    runLookup(name, terms, options),
  ),
  query,
  q: query,
  now: pyFunction('*args **kw', () => {
    throw new UnsupportedError('now() is the moment of rendering; keep the time in a variable');
  }),
  undef: pyFunction('hint?', (hint: Value = null) => {
    const text = hint === null || hint instanceof Undefined ? '' : str(hint);
    return new AnsibleUndefined({ hint: text === '' ? 'Mandatory variable has not been overridden' : text });
  }),
};
