import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Dict } from '../../jinja/values/dict.ts';
import { repr, typeName } from '../../jinja/values/inspect.ts';
import type { Value } from '../../jinja/values/value.ts';
import { SecretText } from '../values/secret-text.ts';
import { UnsafeText } from '../values/unsafe-text.ts';
import { loadAllYaml, loadYaml } from './load-yaml.ts';

interface Case {
  readonly kind: string;
  readonly src: string;
  readonly py: string;
  readonly repr: string;
  readonly error?: string;
}

function read(name: string): Case[] {
  const text = readFileSync(new URL(`../corpus/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
}

function show(text: string): string {
  const { value, problems } = loadYaml(text);
  const error = problems.find((problem) => problem.severity === 'error');
  return error ? `${error.place.line}:${error.place.column} ${error.message}` : repr(value);
}

const typeOf = (value: Value) => (value instanceof UnsafeText ? 'UnsafeText' : typeName(value));

describe('values, as PyYAML and Ansible read them', () => {
  const cases = read('yaml-values.jsonl').filter(({ kind }) => kind === 'yaml');

  test('there are cases', () => expect(cases.length).toBeGreaterThan(80));

  const names: Record<string, string> = { Unicode: 'str', Sequence: 'list', Mapping: 'dict' };

  test.each(cases)('$src', ({ src, py, repr: expected, error }) => {
    const { value, problems } = loadYaml(`v: ${src}\n`);
    const v = value instanceof Dict ? value.get('v')! : null;
    if (src.startsWith('!vault')) expect(v).toBeInstanceOf(SecretText);
    else if (error !== undefined) expect(problems.map(({ severity }) => severity)).toEqual(['error']);
    else expect([typeOf(v), repr(v)]).toEqual([names[py] ?? py, expected]);
  });
});

interface Recorded {
  readonly src: string;
  readonly repr?: string;
  readonly error?: string;
}

describe('documents, as ansible-core 2.18.19 with libyaml 0.2.5 reads them', () => {
  const text = readFileSync(new URL('../corpus/yaml-documents.jsonl', import.meta.url), 'utf8');
  const cases = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

  test(`${cases.length} recorded cases`, () => {
    const differing = cases.filter(({ src, repr: expected }) => {
      const { value, problems } = loadYaml(src);
      const failed = problems.some((problem) => problem.severity === 'error');
      return expected === undefined ? !failed : failed || repr(value) !== expected;
    });
    expect(differing).toEqual([]);
  });
});

describe('errors have a place and a reason', () => {
  test.each([
    ['a: 1\n\tb: 2\n', '2:1 found a tab character that violates indentation'],
    ['a: b: c', '1:5 mapping values are not allowed here'],
    ['a: {{ b }}', '1:5 a mapping cannot be a key'],
    ['a: {{ b }}/c', '1:11 expected another key of this mapping, but found a text'],
    ['a: "b" c', '1:8 expected another key of this mapping, but found a text'],
    ['a: @b', '1:4 found character "@" that cannot start any value'],
    ['a: "b\nc: d', '1:4 this quoted text is not closed: the file ends within a quoted text'],
    ['a: "\\d"', '1:5 found unknown escape character "d" in a double-quoted text'],
    ['a:\n  - b\n - c', '3:2 expected another key of this mapping, but found a list'],
    ['a: [b, c', "1:9 expected ',' or ']', but found the end of the file"],
    ['a: *b', '1:4 found undefined alias *b'],
    ['a: &x 1\nb: &x 2', '2:4 found duplicate anchor &x'],
    ['a: 1\n---\nb: 2', '3:1 found another document, but a file holds one'],
    ['a: !foo b', '1:4 unknown tag !foo'],
    ['a: !!python/object/apply:os.system ["id"]', '1:4 unknown tag !!python/object/apply:os.system'],
    ['a: 2024-02-30', '1:4 "2024-02-30" reads as a date, but day is out of range for month'],
    ['a: 0b_', '1:4 "0b_" is no int'],
    ['a: =', '1:4 = has a meaning of its own in YAML'],
    ['a: b\u0000c', '1:5 the character U+0000 is not allowed in YAML'],
    ['é😀: "x\u0007"', '1:8 the character U+0007 is not allowed in YAML'],
    ['a: !unsafe {b: [c]}', '1:16 Ansible reads a list within an !unsafe mapping as empty'],
    ['&a [*a]', '1:5 alias *a refers to a value that it is a part of'],
    ['a\nb: c', '2:2 mapping values are not allowed here'],
    ['k: v\nword\n', "2:1 could not find expected ':'"],
    ['a: 1e999_\nb: !!int x', '2:4 "x" is no int'],
  ])('%j', (text, expected) => expect(show(text)).toBe(expected));
});

test('a key that stands twice is a warning at the second, and the last value counts', () => {
  const { value, problems } = loadYaml('a: 1\nb: 2\na: 3\n');
  expect(repr(value)).toBe("{'a': 3, 'b': 2}");
  expect(problems).toEqual([
    {
      severity: 'warning',
      place: { line: 3, column: 1 },
      message: 'the key a stands twice in this mapping; the last value counts',
      hint: 'remove one of them',
      related: { place: { line: 1, column: 1 }, message: 'first set here' },
    },
  ]);
});

test('a key that overrides a merged one is no duplicate', () => {
  const { value, problems } = loadYaml('base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  x: 3\n');
  expect(repr((value as Dict).get('use')!)).toBe("{'x': 3, 'y': 2}");
  expect(problems).toEqual([]);
});

test('of several merged mappings in a list the first counts, of several << the last', () => {
  const { value } = loadYaml(
    'a: {<<: [{aa: 1, bb: 1}, {bb: 2, cc: 2}]}\nb: {<<: {aa: 1, bb: 1}, <<: {bb: 2}}\n',
  );
  expect(repr(value)).toBe("{'a': {'bb': 1, 'cc': 2, 'aa': 1}, 'b': {'aa': 1, 'bb': 2}}");
});

test('each entry knows its place', () => {
  const { value, places } = loadYaml('\ufeffa: 1\r\nb:\r\n  - x\r\n  - {k: v, 1: w}\r\n"😀": {c: d}\r\n');
  const root = value as Dict;
  const list = root.get('b') as Value[];
  const inner = list[1] as Dict;
  expect(places.of(root, 'a')).toEqual({ line: 1, column: 1 });
  expect(places.of(root, 'b')).toEqual({ line: 2, column: 1 });
  expect(places.of(list, 0)).toEqual({ line: 3, column: 5 });
  expect(places.of(inner, 1)).toEqual({ line: 4, column: 12 });
  expect(places.of(root.get('😀') as Dict, 'c')).toEqual({ line: 5, column: 8 });
  expect(places.of(root, 'none')).toBeUndefined();
});

test('a JSON text is read as JSON, with places', () => {
  const { value, places } = loadYaml('{\n  "a": 1e3,\n  "b": [NaN, {"__ansible_unsafe": "{{ x }}"}]\n}\n');
  const root = value as Dict;
  expect(repr(value)).toBe("{'a': 1000.0, 'b': [nan, '{{ x }}']}");
  expect((root.get('b') as Value[])[1]).toBeInstanceOf(UnsafeText);
  expect(places.of(root, 'b')).toEqual({ line: 3, column: 3 });
  expect(places.of(root.get('b') as Value[], 1)).toEqual({ line: 3, column: 14 });
});

test('all documents of a stream', () => {
  expect(repr(loadAllYaml('a: 1\n---\n- b\n...\n---\n').value)).toBe("[{'a': 1}, ['b'], None]");
});

describe('hostile texts end in an error, soon', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}\n`;
  const merges = `a0: &a0 {k: v}\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}]}`).join('\n')}\n`;
  test.each([
    ['aliases', bomb, /more than 1000000 values/],
    ['merges', merges, /<< merges more than 100000 entries/],
    ['brackets', '['.repeat(100_000), /levels stand within/],
    ['JSON brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /levels stand within/],
    ['blocks', '- '.repeat(100_000), /levels stand within/],
    ['length', 'a'.repeat(17 * 1024 * 1024), /longer than/],
    ['digits', `a: ${'9'.repeat(1_000_000)}`, /an int of more than 4300 digits/],
    ['items', `[${'1,'.repeat(1_100_000)}]`, /more than 1000000 values/],
  ])('%s', (_name, text, message) => {
    const before = process.cpuUsage();
    expect(show(text)).toMatch(message);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(2);
  });

  test('random characters never throw', () => {
    const piece = fc.constantFrom(
      ...'[]{},:?-#&*!|>\'"%@`\n \tab01.~<=\\\r\u2028é'.split(''),
      '- ',
      ': ',
      '---\n',
      '<<: *a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { problems } = loadYaml(pieces.join(''));
        for (const { place } of problems) expect(Math.min(place.line, place.column)).toBeGreaterThan(0);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

test('of keys that stand twice, it warns of the first 200', () => {
  const { value, problems } = loadYaml(`${'k: v\n'.repeat(1_000)}k: w\n`);
  expect(problems).toHaveLength(200);
  expect(problems.at(-1)!.place).toEqual({ line: 201, column: 1 });
  expect((value as Dict).get('k')).toBe('w');
});
