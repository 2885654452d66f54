import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JinjaError } from '../../jinja/jinja.ts';
import { Regex } from './regex.ts';
import { parseReplacement } from './replacement.ts';

/** Pattern, text, Python's flags, replacement; then groups of the first match, of all, and what subn gives. */
type Case = readonly [string, string, number, string, unknown, unknown, unknown];

const cases = readFileSync(new URL('../corpus/regex.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const ERROR = 'error';
const known = (recorded: unknown) =>
  typeof recorded === 'string' && recorded.startsWith('ERR') ? ERROR : recorded;

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof JinjaError) return ERROR;
    throw error;
  }
}

function ours([pattern, text, flags, template]: Case): unknown[] {
  const regex = attempt(
    () => new Regex(pattern, { ignoreCase: (flags & 2) !== 0, multiline: (flags & 8) !== 0 }),
  );
  if (typeof regex === 'string') return [ERROR, null, null];
  const replaced = attempt(() => {
    const result = regex.replace(text, parseReplacement(template, regex), 0);
    return [result.text, result.count];
  });
  const shown = (groups: readonly (string | undefined)[]) => groups.map((group) => group ?? null);
  const found = regex.search(text);
  return [
    found ? shown(found.groups) : null,
    regex.findAll(text).map(({ groups }) => shown(groups)),
    replaced,
  ];
}

test(`${cases.length} patterns, recorded from CPython 3.11`, () => {
  const differing = cases
    .map((one) => ({ one, ours: ours(one), theirs: [known(one[4]), one[5], known(one[6])] }))
    .filter((result) => JSON.stringify(result.ours) !== JSON.stringify(result.theirs));
  expect(differing).toEqual([]);
});

test('random patterns end in a regular expression or an error', () => {
  const piece = fc.constantFrom(
    ...'ab()[]{}|*+?.^$\\-:=!<>P#1,dwbA'.split(''),
    '(?',
    '\\x4',
    '{2,3}',
    '(?P<n>',
    '[^',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const found = attempt(() => new Regex(pieces.join('')).search('abab'));
      expect(found === undefined || found === ERROR || typeof found === 'object').toBe(true);
    }),
    { numRuns: 3000, seed: 1 },
  );
});

test('texts are cut between code points, halves of surrogate pairs among them', () => {
  const sign = fc.constantFrom('a', 'ß', '\u{1f600}', '\ud83d', '\ude00', '\n');
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
      const text = signs.join('');
      const any = Regex.of('[\\s\\S]');
      expect(any.findAll(text).map(({ groups }) => groups[0])).toEqual([...text]);
      expect(any.replace(text, ({ groups }) => `${groups[0]}|`, 0).text).toBe(
        [...text].map((one) => `${one}|`).join(''),
      );
      expect(any.replace(text, () => '', 1).text).toBe([...text].slice(1).join(''));
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('a pattern is read once for each of its options', () => {
  expect(Regex.of('a.b')).toBe(Regex.of('a.b', { multiline: false }));
  expect(Regex.of('^A', { ignoreCase: true }).findAll('a\na').length).toBe(1);
  expect(Regex.of('^A', { ignoreCase: true, multiline: true }).findAll('a\na').length).toBe(2);
  expect(Regex.of('^A', { multiline: true }).findAll('a\na').length).toBe(0);
  for (let index = 0; index < 1100; index++) Regex.of(`x{${index}}`);
  expect(Regex.of('^A').findAll('A').length).toBe(1);
  expect(() => Regex.of('(')).toThrow();
  expect(() => Regex.of('(')).toThrow();
});
