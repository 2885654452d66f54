import {
  asInt,
  asText,
  type PyFunction,
  pyFunction,
  steps,
  str,
  truth,
  typeError,
  typeName,
  UndefinedError,
  UnsupportedError,
  type Value,
  valueError,
} from '../../jinja/jinja.ts';
import { willMake } from '../../jinja/limits.ts';
import { AnsibleFilterError } from '../errors.ts';
import { dumpJson, type JsonOptions } from '../json/dump-json.ts';
import { Bytes } from '../values/bytes.ts';
import { type DumpOptions, dumpYaml } from '../yaml/dump-yaml.ts';
import { loadAllYaml, loadYaml, YAML_LIMITS } from '../yaml/load-yaml.ts';
import { parseJson } from '../yaml/read-json.ts';

type Named = ReadonlyMap<string, Value>;

const YAML_OPTIONS = new Set([
  'indent',
  'width',
  'sort_keys',
  'default_flow_style',
  'explicit_start',
  'explicit_end',
]);

function yamlOptions(named: Named): DumpOptions {
  for (const name of named.keys()) {
    if (!YAML_OPTIONS.has(name))
      throw new UnsupportedError(`'${name}' is no option of to_yaml that is supported here`);
  }
  const flow = named.get('default_flow_style');
  const width = numberOf(named.get('width'));
  const indent = numberOf(named.get('indent'));
  return {
    ...(indent === undefined ? {} : { indent }),
    ...(width === undefined ? {} : { width }),
    sortKeys: truth(named.get('sort_keys') ?? true),
    flow: flow === undefined || flow === null ? undefined : truth(flow),
    explicitStart: truth(named.get('explicit_start') ?? false),
    explicitEnd: truth(named.get('explicit_end') ?? false),
  };
}

function numberOf(value: Value | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const int = asInt(value);
  if (int === undefined) throw typeError(`an integer is required (got type ${typeName(value)})`);
  return Number(int);
}

const JSON_OPTIONS = new Set([
  'indent',
  'sort_keys',
  'ensure_ascii',
  'separators',
  'skipkeys',
  'allow_nan',
  'check_circular',
  'vault_to_text',
  'preprocess_unsafe',
]);

function jsonOptions(named: Named): JsonOptions {
  for (const name of named.keys()) {
    if (!JSON_OPTIONS.has(name))
      throw typeError(`JSONEncoder.__init__() got an unexpected keyword argument '${name}'`);
  }
  const indent = named.get('indent') ?? null;
  const separators = named.get('separators') ?? null;
  const pair = separators === null ? undefined : [...pairOf(separators)].map(str);
  return {
    indent: indentText(indent),
    ...(pair ? { separators: { item: pair[0]!, key: pair[1]! } } : {}),
    sortKeys: truth(named.get('sort_keys') ?? false),
    ensureAscii: truth(named.get('ensure_ascii') ?? true),
    skipKeys: truth(named.get('skipkeys') ?? false),
    allowNan: truth(named.get('allow_nan') ?? true),
  };
}

function pairOf(value: Value): readonly Value[] {
  const items = Array.isArray(value)
    ? value
    : value && typeof value === 'object' && 'items' in value
      ? value.items
      : undefined;
  if (!Array.isArray(items) || items.length !== 2) throw valueError('separators must be a pair of texts');
  return items;
}

function indentText(indent: Value): string | undefined {
  if (indent === null) return undefined;
  const text = asText(indent);
  if (text !== undefined) return text;
  const count = asInt(indent);
  if (count === undefined)
    throw typeError(`can't multiply sequence by non-int of type '${typeName(indent)}'`);
  const width = Math.max(Number(count), 0);
  willMake(width);
  return ' '.repeat(width);
}

function readYaml(value: Value, all: boolean): Value {
  const text = asText(value) ?? (value instanceof Bytes ? new TextDecoder().decode(value.data) : undefined);
  if (text === undefined) return value;
  steps(text.length >> 1);
  // PyYAML alone reads it, so a JSON text is YAML here.
  const { value: read, problems } = all ? loadAllYaml(text) : loadYaml(text, YAML_LIMITS, { ansible: false });
  const error = problems.find(({ severity }) => severity === 'error');
  if (!error) return read;
  throw new AnsibleFilterError(
    `line ${error.place.line}, column ${error.place.column} of the YAML text: ${error.message}`,
  );
}

/** Filters that write and read YAML and JSON. */
export const SERIALIZE_FILTERS: Record<string, PyFunction> = {
  to_yaml: pyFunction('a *args **kw', (value: Value, _args: Value[], named: Named) =>
    asFilterError('to_yaml', () => dumpYaml(value, yamlOptions(named))),
  ),
  to_nice_yaml: pyFunction(
    'a indent? *args **kw',
    (value: Value, indent: Value = 4, _args: Value[], named: Named) =>
      asFilterError('to_nice_yaml', () =>
        dumpYaml(value, {
          flow: false,
          ...withFlow(yamlOptions(new Map([...named, ['indent', indent]])), named),
        }),
      ),
  ),
  to_json: pyFunction('a *args **kw', (value: Value, _args: Value[], named: Named) =>
    dumpJson(value, jsonOptions(named)),
  ),
  to_nice_json: pyFunction(
    'a indent? sort_keys? *args **kw',
    (value: Value, indent: Value = 4, sortKeys: Value = true, _args: Value[], named: Named) => {
      const options = jsonOptions(new Map([...named, ['indent', indent], ['sort_keys', sortKeys]]));
      return dumpJson(value, { ...options, separators: { item: ',', key: ': ' } });
    },
  ),
  from_json: pyFunction('s **kw', (value: Value) => {
    const text = asText(value) ?? (value instanceof Bytes ? new TextDecoder().decode(value.data) : undefined);
    if (text === undefined) {
      throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(value)}`);
    }
    steps(text.length >> 1);
    const read = parseJson(text, YAML_LIMITS);
    if (read instanceof Error) throw valueError(read.message);
    return read;
  }),
  from_yaml: pyFunction('data', (value: Value) => readYaml(value, false)),
  from_yaml_all: pyFunction('data', (value: Value) => readYaml(value, true)),
};

function withFlow(options: DumpOptions, named: Named): DumpOptions {
  if (named.has('default_flow_style')) {
    throw typeError("yaml.dump() got multiple values for keyword argument 'default_flow_style'");
  }
  return { ...options, flow: false };
}

function asFilterError(name: string, dump: () => string): string {
  try {
    return dump();
  } catch (error) {
    if (
      error instanceof Error &&
      (error.name === 'TypeError' || error.name === 'ValueError' || error instanceof UndefinedError)
    ) {
      throw new AnsibleFilterError(`${name} - ${error.message}`);
    }
    throw error;
  }
}
