import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dict, equals, Float, type Value } from '../../jinja/jinja.ts';
import { dumpJson } from '../json/dump-json.ts';
import { dumpYaml } from './dump-yaml.ts';
import { loadYaml } from './load-yaml.ts';

/** A value with `$i`, `$f` and `$d` for ints, floats and mappings; to_yaml, to_nice_yaml, to_json, to_nice_json. */
type Case = readonly [unknown, string, string, string, string];

function untag(json: unknown): Value {
  if (json === null || typeof json !== 'object') return json as Value;
  if (Array.isArray(json)) return json.map(untag);
  const tagged = json as { $i?: string; $f?: string; $d?: [unknown, unknown][] };
  if (tagged.$i !== undefined)
    return Number.isSafeInteger(Number(tagged.$i)) ? Number(tagged.$i) : BigInt(tagged.$i);
  if (tagged.$f !== undefined)
    return new Float(tagged.$f === 'inf' ? Number.POSITIVE_INFINITY : Number(tagged.$f));
  return new Dict(tagged.$d!.map(([key, value]) => [untag(key), untag(value)]));
}

const cases = readFileSync(new URL('../corpus/dumps.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

test(`${cases.length} values, recorded from ansible-core 2.18.19`, () => {
  const differing = cases.filter(([json, yaml, niceYaml, inline, niceJson]) => {
    const value = untag(json);
    const nice = { indent: '    ', sortKeys: true, separators: { item: ',', key: ': ' } };
    return (
      dumpYaml(value) !== yaml ||
      dumpYaml(value, { indent: 4, flow: false }) !== niceYaml ||
      (inline !== 'ERR' && dumpJson(value) !== inline) ||
      (niceJson !== 'ERR' && dumpJson(value, nice) !== niceJson)
    );
  });
  expect(differing).toEqual([]);
});

test('a list that is used twice is an alias the second time', () => {
  const list = [1, 2];
  expect(dumpYaml([list, list])).toBe('- &id001 [1, 2]\n- *id001\n');
});

test('what is written reads back as it was', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('yes', '1e3', '012', '~', '- a', 'a: b', '{{ x }}', '\n', ' x', "'"),
  );
  const value = fc.letrec<{ any: Value }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.array(fc.tuple(text, tie('any')), { maxLength: 4 }).map((entries) => new Dict(entries)),
    ),
  })).any;
  fc.assert(
    fc.property(value, fc.boolean(), (given, nice) => {
      const written = dumpYaml(given, nice ? { indent: 4, flow: false } : {});
      const { value: read, problems } = loadYaml(written, undefined, { ansible: false });
      expect(problems).toEqual([]);
      expect(equals(read, given)).toBe(true);
    }),
    { numRuns: 1500, seed: 1 },
  );
});
