import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EnvironmentOptions } from './environment.ts';
import { Dict, DictLoader, Environment, JinjaError, NativeEnvironment, parseJson, repr } from './jinja.ts';
import type { Value } from './values/value.ts';

/** A case of corpus/: what a template and its context gave in Jinja 3.1.6, or the class of the error. */
interface Case {
  readonly source: string;
  readonly env: Record<string, unknown>;
  readonly context: Dict;
  readonly templates: Record<string, string> | undefined;
  readonly expected: { output: string } | { error: string };
}

function read(name: string): string {
  return readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8');
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What the engine makes of a case. An error that isn't the engine's own is a bug and passes through. */
function run({ source, env, context, templates }: Case): { output: string } | { error: string } {
  const { native, ...rest } = env;
  const options = Object.fromEntries(Object.entries(rest).map(([key, value]) => [camelCase(key), value]));
  const loader = templates ? { loader: new DictLoader(templates) } : {};
  const environment = new (native ? NativeEnvironment : Environment)({
    ...options,
    ...loader,
  } as EnvironmentOptions);
  try {
    const template = environment.fromString(source);
    return { output: native ? repr(template.renderValue(context)) : template.render(context) };
  } catch (error) {
    if (error instanceof JinjaError) return { error: error.name };
    throw error;
  }
}

/** Jinja's own cases; JSON is read with the engine's reader, because JavaScript's reorders keys like "10". */
function sharedCases(): Case[] {
  const lines = read('jinja.jsonl').trim().split('\n');
  return lines.map((line) => {
    const plain = JSON.parse(line);
    const context = (parseJson(line) as Dict).get('context') as Dict;
    const expected = plain.error ? { error: plain.error.class } : { output: plain.output };
    return { source: plain.source, env: plain.env, context, templates: plain.templates, expected };
  });
}

/** A deep copy: templates change lists and dicts, so each case has its own. */
function copy(value: Value): Value {
  if (Array.isArray(value)) return value.map(copy);
  return value instanceof Dict
    ? new Dict([...value].map(([key, item]) => [key, copy(item)] as const))
    : value;
}

function recordedCases(): Case[] {
  const contexts = read('recorded-contexts.json');
  const { templates } = JSON.parse(contexts);
  const parsed = parseJson(contexts) as Dict;
  return read('recorded.jsonl')
    .trim()
    .split('\n')
    .map((line) => {
      const { source, env = {}, context, output, error, templates: loads } = JSON.parse(line);
      const expected = error ? { error } : { output };
      const variables = copy(parsed.get(context as Value)!) as Dict;
      return { source, env, context: variables, templates: loads ? templates : undefined, expected };
    });
}

/** Cases of formats, rounding and arithmetic, each with its own variables. */
function numberCases(): Case[] {
  return read('numbers.jsonl')
    .trim()
    .split('\n')
    .map((line) => {
      const { source, output, error } = JSON.parse(line);
      const context = (parseJson(line) as Dict).get('context') as Dict;
      return { source, env: {}, context, templates: undefined, expected: error ? { error } : { output } };
    });
}

function failures(cases: readonly Case[]) {
  return cases
    .map((one) => ({ source: one.source, env: one.env, expected: one.expected, actual: run(one) }))
    .filter(({ expected, actual }) => JSON.stringify(expected) !== JSON.stringify(actual));
}

describe('the engine renders as Jinja 3.1.6 does', () => {
  it('in the 275 shared cases', () => {
    const cases = sharedCases();
    expect(cases).toHaveLength(275);
    expect(failures(cases)).toEqual([]);
  });

  it('in the cases recorded by generators over all statements, filters, tests, methods and operators', () => {
    const cases = recordedCases();
    expect(cases.length).toBeGreaterThan(10_000);
    expect(failures(cases)).toEqual([]);
  });

  it('in the recorded cases of numbers and their formats', () => {
    expect(failures(numberCases())).toEqual([]);
  });
});
