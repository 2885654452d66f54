import {
  Environment,
  type EnvironmentOptions,
  PyFunction,
  str,
  type Template,
  TemplateNotFound,
  type Value,
} from '../../jinja/jinja.ts';
import { FILTERS } from '../filters/filters.ts';
import { GLOBALS } from '../lookups/globals.ts';
import { TESTS } from '../tests/tests.ts';
import { hasHoles } from '../values/hole-text.ts';
import { NativeText } from '../values/native-text.ts';
import { refuseSecret } from '../values/secret-text.ts';
import { activeTemplar } from './active-templar.ts';
import { AnsibleUndefined } from './ansible-undefined.ts';
import { noteSearch } from './evaluation.ts';
import { filteredHole, testedHole } from './filtered-hole.ts';
import { unrolled } from './finalize.ts';

/** Ansible's STRING_TYPE_FILTERS: what they give stays a text. */
const TEXT_FILTERS = new Set([
  'string',
  'to_json',
  'to_nice_json',
  'to_yaml',
  'to_nice_yaml',
  'ppretty',
  'json',
]);

/** Tests that tell nothing of what a secret holds. */
const OF_SECRETS = new Set(
  ['defined', 'undefined', 'vault_encrypted'].flatMap((name) => [
    name,
    `ansible.builtin.${name}`,
    `ansible.legacy.${name}`,
  ]),
);

const USUAL_SYNTAX = JSON.stringify(new Environment({ trimBlocks: true }).syntax);

/** Templates by their path; what a name means depends on the search path. */
export class AnsibleEnvironment extends Environment {
  /** As in Jinja's native environment, which Ansible's is. */
  override readonly escapesOutput = false;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #searchPath: readonly string[];
  /** Whether templates are written as without a header that says otherwise. */
  readonly #isUsual: boolean;
  readonly #compiled = new Map<string, Map<string | undefined, Template>>();

  constructor(
    options: EnvironmentOptions,
    files: { texts: ReadonlyMap<string, string>; searchPath: readonly string[] },
  ) {
    super({
      trimBlocks: true,
      undefined: AnsibleUndefined,
      filters: FILTERS,
      tests: TESTS,
      globals: GLOBALS,
      loader: { getSource: (path) => files.texts.get(path) },
      ...options,
    });
    this.#texts = files.texts;
    this.#searchPath = files.searchPath;
    this.#isUsual = JSON.stringify(this.syntax) === USUAL_SYNTAX;
    for (const [name, filter] of this.filters) this.filters.set(name, wrapped(name, filter));
    for (const [name, test] of this.tests)
      if (!OF_SECRETS.has(name)) this.tests.set(name, withoutSecrets(name, test));
  }

  /** A template by the name that an include or import gives it, found along the search path. */
  override getTemplate(name: string): Template {
    const { recorder } = activeTemplar();
    noteSearch();
    const path = findAlong(name, this.#searchPath, (one) => {
      if (this.#texts.has(one)) return true;
      recorder?.read({ kind: 'absent', path: one });
      return false;
    });
    if (path === undefined) throw new TemplateNotFound(name);
    recorder?.read({ kind: 'text', path });
    // What is an output in it is known to nobody who reads it alone.
    if (!this.#isUsual) recorder?.read({ kind: 'output', template: path, at: undefined });
    return super.getTemplate(path);
  }

  /** A template from its source, compiled once for all who share this environment. */
  compile(source: string, name: string | undefined): Template {
    // By the source first: a text that is used again has its hash, a joined key would not.
    let named = this.#compiled.get(source);
    if (!named) {
      named = new Map();
      this.#compiled.set(source, named);
    }
    let template = named.get(name);
    if (!template) {
      template = this.fromString(source, name);
      named.set(name, template);
    }
    return template;
  }
}

function wrapped(name: string, filter: PyFunction): PyFunction {
  const short = name.slice(name.lastIndexOf('.') + 1);
  const finish = TEXT_FILTERS.has(short) ? (value: Value) => new NativeText(str(value)) : unrolled;
  const body = (...args: unknown[]) => {
    for (const arg of args) refuseSecret(arg);
    const escaped = hasHoles() ? filteredHole(short, args) : undefined;
    return escaped ?? finish(filter.body(...args));
  };
  return withBody(filter, body);
}

function withoutSecrets(name: string, test: PyFunction): PyFunction {
  const short = name.slice(name.lastIndexOf('.') + 1);
  return withBody(test, (...args: unknown[]) => {
    for (const arg of args) refuseSecret(arg);
    return test.body(...(hasHoles() ? testedHole(short, args) : args));
  });
}

function withBody(original: PyFunction, body: PyFunction['body']): PyFunction {
  const copy = new PyFunction(original.name, '', { body, passContext: original.passContext });
  return Object.assign(copy, { signature: original.signature, checksArguments: true });
}

/** The path of the text that a name means: the first folder of the search path that has it. */
export function findAlong(
  name: string,
  searchPath: readonly string[],
  has: (path: string) => boolean,
): string | undefined {
  // As Jinja's loader: a path may not leave its folder.
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return undefined;
  for (const folder of searchPath) {
    const path = [folder, ...parts].filter((part) => part !== '').join('/');
    if (has(path)) return path;
  }
  return undefined;
}
