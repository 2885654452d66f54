import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Dict } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import { composeDocuments } from './compose.ts';
import { Constructor } from './construct.ts';
import { YAML_LIMITS } from './load-yaml.ts';
import type { YamlPlaces } from './places.ts';
import { YamlFailure, type YamlPlace } from './problem.ts';
import { readPlainMapping } from './read-plain-mapping.ts';

/** A value with the place of each of its parts, or of the whole, for a comparison. */
function placed(value: Value, places: YamlPlaces): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => [places.of(value, index), placed(item, places)]);
  if (!(value instanceof Dict)) return [value?.constructor.name, value];
  return [...value].map(([key, item]) => [key, places.of(value, key), placed(item, places)]);
}

interface Read {
  readonly place: YamlPlace;
  readonly value: unknown;
}

/** What the scanner makes of a text; a text where it finds something wrong, or nothing. */
function scanned(text: string): Read | string {
  try {
    const [node, ...more] = composeDocuments(text, YAML_LIMITS);
    if (!node || more.length > 0) return `${more.length} documents`;
    const builder = new Constructor(YAML_LIMITS.maxValues, true);
    const value = placed(builder.construct(node), builder.places);
    return builder.warnings.length > 0 ? builder.warnings[0]!.message : { place: node.place, value };
  } catch (error) {
    if (error instanceof YamlFailure) return error.message;
    throw error;
  }
}

function plain(text: string): Read | undefined {
  const read = readPlainMapping(text, YAML_LIMITS);
  return read && { place: read.place, value: placed(read.value, read.places) };
}

const KEYS = [
  'a',
  'b.c',
  'k-1',
  '"q r"',
  "'s'",
  'x/y',
  'key',
  'l',
  'm',
  'n_1',
  'no',
  'é',
  '1',
  'a b',
  'null',
  '"a"',
];
const SCALARS = [
  ...[
    '1',
    '-1',
    '0x1f',
    '017',
    '1_0',
    '1.5',
    '1e3',
    '.5',
    '.inf',
    '190:20:30',
    '2001-12-14',
    '2001-13-01',
    '+1',
    '0',
  ],
  ...[
    'yes',
    'Off',
    '~',
    'null',
    'true',
    'word',
    '"x"',
    '"x: y"',
    "'x'",
    '""',
    '/a/b',
    '"# c"',
    'a-b',
    '-a',
    'x%',
    '...',
  ],
];
const LINES_ONLY = [
  'two words',
  "it's",
  'a#b',
  'a:b',
  '/a/b:c',
  'a, b',
  'a [b]',
  'a {b',
  '- x',
  'x y  z',
  '"x" # c',
  'a # c',
];

const key = fc.oneof(
  { weight: 9, arbitrary: fc.nat(9999).map((number) => `k${number}`) },
  { weight: 1, arbitrary: fc.constantFrom(...KEYS) },
);
const { block } = fc.letrec<{ flow: string; block: readonly string[] }>((tie) => ({
  flow: fc.oneof(
    { depthSize: 'small' },
    { weight: 4, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 1, arbitrary: fc.array(tie('flow'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(key, tie('flow')), { maxLength: 3 })
        .map((entries) => `{${entries.map(([name, value]) => `${name}: ${value}`).join(',')}}`),
    },
  ),
  /** Lines of a value below a key or a dash. */
  block: fc.oneof(
    { depthSize: 'small' },
    {
      weight: 6,
      arbitrary: fc
        .array(
          fc.tuple(key, fc.oneof(tie('flow'), fc.constantFrom(...LINES_ONLY), tie('block')), fc.nat(3)),
          {
            minLength: 1,
            maxLength: 4,
          },
        )
        .map((entries) =>
          entries.flatMap(([name, value, style]) => {
            if (typeof value === 'string') return [`${name}: ${value}`];
            const isList = value[0]!.startsWith('- ');
            return [
              `${name}:${style === 1 ? '  # c' : ''}`,
              ...value.map((line) => (isList && style > 1 ? line : `  ${line}`)),
            ];
          }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(tie('flow'), fc.constantFrom(...LINES_ONLY), tie('block')), {
          minLength: 1,
          maxLength: 3,
        })
        .map((items) =>
          items.flatMap((item) => {
            const [first, ...more] = typeof item === 'string' ? [item] : item;
            return [`- ${first}`, ...more.map((line) => `  ${line}`)];
          }),
        ),
    },
  ),
}));

const PARTS = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n ',
    '\n  ',
    '\n\n',
    ': ',
    ':',
    '-',
    '- ',
    '"',
    "'",
    '#',
    ' #',
    '[',
    ']',
    '{',
    '}',
    ',',
    ', ',
    '&a ',
    '*a',
  ],
  ...[
    '!t ',
    '|',
    '>',
    '%',
    '@',
    '`',
    '=',
    '<<: ',
    '\\',
    '\t',
    '\r',
    '\n---\n',
    '\n...\n',
    '? ',
    '~',
    'ö',
    '\u2028',
    '\ufeff',
    'k: 1\n',
  ],
];

/** A text as people write them, then changed at up to two places. */
const text = fc
  .tuple(
    fc.array(block, { minLength: 1, maxLength: 2 }),
    fc.constantFrom('', '\n', '\n\n', '\n# c', '\n# c\n'),
    fc.oneof(
      fc.constant([]),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ...PARTS), fc.nat(1)), { maxLength: 2 }),
    ),
  )
  .map(([blocks, end, edits]) =>
    edits.reduce((before, [number, part, cut]) => {
      const at = number % (before.length + 1);
      return before.slice(0, at) + part + before.slice(at + cut);
    }, blocks.flat().join('\n') + end),
  );

test('what it reads of random texts, the scanner reads alike', () => {
  let read = 0;
  fc.assert(
    fc.property(text, (one) => {
      const own = plain(one);
      if (own === undefined) return;
      read++;
      expect(own).toEqual(scanned(one));
    }),
    { numRuns: 5000, seed: 1 },
  );
  expect(read).toBeGreaterThan(600);
});

describe('files of variables', () => {
  const root = join(import.meta.dirname, '..', '..', '..', 'inventories');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.yml'),
  );
  const texts = files.map((path) => readFileSync(join(root, path), 'utf8'));

  test('most of the sample are plain', () => {
    const read = texts.filter((text) => plain(text) !== undefined);
    expect(read.length).toBeGreaterThan(0.5 * texts.length);
    for (const text of read) expect(plain(text)).toEqual(scanned(text));
  });
});

test.each([
  ['a: 1', { line: 1, column: 1 }],
  ['# c\n\nb:\n- x\n- k: v\n  l: {m: [1]}\n', { line: 3, column: 1 }],
])('%j', (text, place) => {
  expect(plain(text)?.place).toEqual(place);
  expect(plain(text)).toEqual(scanned(text));
});
