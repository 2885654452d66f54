import {
  asNumber,
  asText,
  type Context,
  contains,
  contextFunction,
  Dict,
  isMapping,
  iterate,
  JinjaError,
  LimitError,
  type PyFunction,
  pyFunction,
  repr,
  steps,
  str,
  TemplateRuntimeError,
  toArray,
  toDouble,
  truth,
  typeName,
  Undefined,
  UnsupportedError,
  type Value,
} from '../../jinja/jinja.ts';
import { AnsibleFilterError } from '../errors.ts';
import { itemAt } from '../filters/data-filters.ts';
import { splitUrl } from '../filters/split-url.ts';
import { Regex } from '../regex/regex.ts';
import { SecretText } from '../values/secret-text.ts';
import { toText } from '../values/to-text.ts';
import { VERSION_ORDERS } from './compare-versions.ts';

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  '==': 'eq',
  '=': 'eq',
  eq: 'eq',
  '<': 'lt',
  lt: 'lt',
  '<=': 'le',
  le: 'le',
  '>': 'gt',
  gt: 'gt',
  '>=': 'ge',
  ge: 'ge',
  '!=': 'ne',
  '<>': 'ne',
  ne: 'ne',
};

interface VersionQuestion {
  readonly operator: Value;
  readonly strict: Value;
  readonly type: Value;
}

function version(value: Value, other: Value, { operator, strict, type }: VersionQuestion): boolean {
  if (strict !== null && type !== null)
    throw new AnsibleFilterError("Cannot specify both 'strict' and 'version_type'");
  if (!truth(value)) throw new AnsibleFilterError('Input version value cannot be empty');
  if (!truth(other)) throw new AnsibleFilterError('Version parameter to compare against cannot be empty');
  const kind = truth(strict) ? 'strict' : truth(type) ? str(type) : 'loose';
  const order = Object.hasOwn(VERSION_ORDERS, kind) ? VERSION_ORDERS[kind] : undefined;
  if (!order) {
    const kinds = Object.keys(VERSION_ORDERS).map((name) => repr(name));
    throw new AnsibleFilterError(`Invalid version type (${kind}). Must be one of ${kinds.join(', ')}`);
  }
  const name = str(operator);
  if (!Object.hasOwn(OPERATOR_NAMES, name)) {
    const names = Object.keys(OPERATOR_NAMES).map((known) => repr(known));
    throw new AnsibleFilterError(`Invalid operator type (${name}). Must be one of ${names.join(', ')}`);
  }
  return OPERATORS[OPERATOR_NAMES[name]!]!(order(str(value), str(other)));
}

/** What `register` keeps of a task: a mapping. */
function resultOf(value: Value, test: string): Dict {
  if (value instanceof Dict) return value;
  throw new AnsibleFilterError(`The '${test}' test expects a dictionary`);
}

/** What a task's result says; Ansible gives it as it is. */
const flagOf = (result: Dict, name: string): Value => result.get(name) ?? false;

function changed(value: Value): Value {
  const result = resultOf(value, 'changed');
  if (result.has('changed')) return flagOf(result, 'changed');
  const results = result.get('results');
  if (!Array.isArray(results) || !(results[0] instanceof Dict)) return false;
  return results.some((one) => one instanceof Dict && truth(flagOf(one, 'changed')));
}

function timedOut(value: Value): Value {
  const out = resultOf(value, 'timedout').get('timedout') ?? false;
  return truth(out) && isMapping(out) ? (itemAt(out, 'period') ?? false) : out;
}

function asyncFlag(value: Value, name: string): boolean {
  const flag = resultOf(value, name).get(name);
  return flag === undefined || flag === 1 || flag === true;
}

const flagTest = (name: string, key: string, negated = false) =>
  pyFunction('result', (value: Value) => {
    const flag = flagOf(resultOf(value, name), key);
    return negated ? !truth(flag) : flag;
  });

type Search = 'search' | 'match' | 'fullmatch';

function matches(
  value: Value,
  pattern: Value,
  how: Search,
  flags: { ignoreCase: Value; multiline: Value },
): boolean {
  const regex = new Regex(asText(pattern) ?? str(pattern), {
    ignoreCase: truth(flags.ignoreCase),
    multiline: truth(flags.multiline),
  });
  const text = toText(value);
  if (how === 'search') return regex.search(text) !== undefined;
  return (how === 'match' ? regex.match(text) : regex.fullMatch(text)) !== undefined;
}

const regexTest = (how: Search) =>
  pyFunction(
    'value pattern? ignorecase? multiline?',
    (value: Value, pattern: Value = '', ignoreCase: Value = false, multiline: Value = false) =>
      matches(value, pattern, how, { ignoreCase, multiline }),
  );

function isUri(value: Value, schemes: Value): boolean {
  try {
    const text = asText(value);
    if (text === undefined) return false;
    const { scheme } = splitUrl(text);
    return !truth(schemes) || contains(schemes, scheme);
  } catch (error) {
    if (error instanceof JinjaError && !(error instanceof LimitError)) return false;
    throw error;
  }
}

function isUrl(value: Value, schemes: Value): boolean {
  if (!isUri(value, schemes)) return false;
  const { netloc, scheme } = splitUrl(asText(value)!);
  return netloc !== '' || scheme === 'file';
}

function isSubset(a: Value, b: Value): boolean {
  const [left, right] = [a, b].map((set) => new Dict(toArray(set).map((item) => [item, null])));
  steps(left!.size + right!.size);
  return [...left!.keys()].every((item) => right!.has(item));
}

const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't']);
const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f']);

function truthy(value: Value, convert: Value): boolean {
  if (!truth(convert)) return truth(value);
  const text = asText(value)?.toLowerCase().trim();
  if (text !== undefined && TRUE.has(text)) return true;
  if (text !== undefined && FALSE.has(text)) return false;
  return truth(value);
}

const any = pyFunction('iterable', (value: Value) => [...iterate(value)].some(truth));
const all = pyFunction('iterable', (value: Value) => [...iterate(value)].every(truth));
const isNan = pyFunction('x', (value: Value) => {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  return number !== undefined && Number.isNaN(toDouble(number));
});
const subset = pyFunction('a b', isSubset);
const superset = pyFunction('a b', (a: Value, b: Value) => isSubset(b, a));
const versionTest = pyFunction(
  'value version operator? strict? version_type?',
  (value: Value, other: Value, operator: Value = 'eq', strict: Value = null, type: Value = null) =>
    version(value, other, { operator, strict, type }),
);
const absolute = pyFunction('path', (path: Value) => {
  const text = asText(path);
  if (text === undefined)
    throw new AnsibleFilterError(`expected str, bytes or os.PathLike object, not ${typeName(path)}`);
  return text.startsWith('/');
});

function fileTest(name: string): PyFunction {
  return pyFunction('*args', () => {
    throw new UnsupportedError(
      `the test '${name}' asks the machine that renders; keep the answer in a variable`,
    );
  });
}

const failedTest = flagTest('failed', 'failed');
const succeeded = flagTest('failed', 'failed', true);
const skipped = flagTest('skipped', 'skipped');
const changedTest = pyFunction('result', changed);
const FILE_TESTS = [
  'directory',
  'is_dir',
  'file',
  'is_file',
  'link',
  'is_link',
  'exists',
  'link_exists',
  'same_file',
  'is_same_file',
  'mount',
  'is_mount',
  'vaulted_file',
];

/** Ansible fails where Jinja says that there is none. */
const isLoaded = (table: 'filters' | 'tests') =>
  contextFunction('value', (context: Context, value: Value) => {
    const name = asText(value);
    if (name !== undefined && context.environment[table].has(name)) return true;
    throw new TemplateRuntimeError(`Could not load "${str(value)}"`);
  });

const BUILTIN: Record<string, PyFunction> = {
  filter: isLoaded('filters'),
  test: isLoaded('tests'),
  failed: failedTest,
  failure: failedTest,
  succeeded,
  success: succeeded,
  successful: succeeded,
  unreachable: flagTest('unreachable', 'unreachable'),
  reachable: flagTest('unreachable', 'unreachable', true),
  timedout: pyFunction('result', timedOut),
  changed: changedTest,
  change: changedTest,
  skipped,
  skip: skipped,
  finished: pyFunction('result', (value: Value) => asyncFlag(value, 'finished')),
  started: pyFunction('result', (value: Value) => asyncFlag(value, 'started')),
  match: regexTest('match'),
  search: regexTest('search'),
  regex: pyFunction(
    'value? pattern? ignorecase? multiline? match_type?',
    (
      value: Value = '',
      pattern: Value = '',
      ignoreCase: Value = false,
      multiline: Value = false,
      how: Value = 'search',
    ) => {
      const name = str(how);
      if (name !== 'search' && name !== 'match' && name !== 'fullmatch') {
        throw new UnsupportedError(`match_type is search, match or fullmatch, not ${name}`);
      }
      return matches(value, pattern, name, { ignoreCase, multiline });
    },
  ),
  version: versionTest,
  version_compare: versionTest,
  any,
  all,
  truthy: pyFunction('value convert_bool?', (value: Value, convert: Value = false) => truthy(value, convert)),
  falsy: pyFunction('value convert_bool?', (value: Value, convert: Value = false) => !truthy(value, convert)),
  vault_encrypted: pyFunction('value', (value: Value) =>
    value instanceof Undefined ? value.fail() : value instanceof SecretText,
  ),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  contains: pyFunction('seq value', (list: Value, value: Value) => contains(list, value)),
  nan: isNan,
  isnan: isNan,
  uri: pyFunction('value schemes?', (value: Value, schemes: Value = null) => isUri(value, schemes)),
  url: pyFunction('value schemes?', (value: Value, schemes: Value = null) => isUrl(value, schemes)),
  urn: pyFunction('value', (value: Value) => isUri(value, ['urn'])),
  abs: absolute,
  is_abs: absolute,
  ...Object.fromEntries(FILE_TESTS.map((name) => [name, fileTest(name)])),
};

/** The tests of ansible.builtin of ansible-core 2.18, by their short and their full names. */
export const TESTS: Readonly<Record<string, PyFunction>> = Object.fromEntries(
  Object.entries(BUILTIN).flatMap(([name, test]) => [
    [name, test],
    [`ansible.builtin.${name}`, test],
    [`ansible.legacy.${name}`, test],
  ]),
);
