import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repr, typeName } from '../jinja/values/inspect.ts';
import { parseIniValue, splitHostLine } from './ini.ts';
import { literalEval } from './literal-eval.ts';

type Recorded = Record<string, { py: string; repr: string }>;

interface Case {
  readonly kind: 'host' | 'vars';
  readonly line: string;
  readonly ok: boolean;
  readonly hosts?: Record<string, Recorded>;
  readonly vars?: Recorded;
}

const lines = readFileSync(new URL('./corpus/ini-lines.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const cases = lines.map((line) => JSON.parse(line) as Case).filter(({ ok }) => ok);

/** The variables of a line, as `type repr` by name. */
function variables({ kind, line }: Case): Record<string, string> {
  const assignments = kind === 'vars' ? [line.trim()] : tokens(line).slice(1);
  return Object.fromEntries(
    assignments.map((text) => {
      const at = text.indexOf('=');
      const [name, written] = [text.slice(0, at), text.slice(at + 1)];
      const read = parseIniValue(kind === 'vars' ? written.trim() : written);
      return [name.trim(), read.ok ? `${typeName(read.value)} ${repr(read.value)}` : read.message];
    }),
  );
}

function tokens(line: string): string[] {
  const split = splitHostLine(line);
  return split.ok ? split.tokens.map(({ text }) => text) : [split.message];
}

describe('lines of inventories, as Ansible reads them', () => {
  test('there are cases', () => expect(cases.length).toBeGreaterThan(130));

  test.each(cases)('$kind: $line', (one) => {
    const expected = one.vars ?? Object.values(one.hosts ?? {})[0];
    // A range that ends before it begins declares no host that could have variables.
    if (expected === undefined) return expect(one.line).toBe('h[03:01] v=1');
    const written = Object.entries(expected).filter(([name]) => one.line.includes(name));
    expect(variables(one)).toEqual(
      Object.fromEntries(written.map(([name, { py, repr: text }]) => [name, `${py} ${text}`])),
    );
  });
});

describe('words of a line, as shlex splits them', () => {
  test.each([
    [`h a='b c' d="e f"g`, ['h', 'a=b c', 'd=e fg']],
    [`h a=b#c d`, ['h', 'a=b']],
    [`h a="b#c" # d`, ['h', 'a=b#c']],
    [String.raw`h a=b\ c d="e\"f\n"`, ['h', 'a=b c', String.raw`d=e"f\n`]],
    [`h ''`, ['h', '']],
    [`h a='b`, ['No closing quotation']],
    [`h a=\\`, ['No escaped character']],
  ])('%s', (line, expected) => expect(tokens(line)).toEqual(expected));

  test('each knows where it stands', () => {
    expect(splitHostLine(`  h "a=b c" #x`)).toEqual({
      ok: true,
      tokens: [
        { text: 'h', start: 2, end: 3 },
        { text: 'a=b c', start: 4, end: 11 },
      ],
    });
  });
});

describe('literals, recorded from CPython 3.11', () => {
  const recorded = JSON.parse(readFileSync(new URL('./corpus/literals.json', import.meta.url), 'utf8')) as [
    string,
    string,
  ][];

  test(`${recorded.length} texts`, () => {
    const differing = recorded.filter(([text, expected]) => {
      const literal = literalEval(text);
      const shown =
        literal.kind === 'value' ? `${typeName(literal.value)} ${repr(literal.value)}` : literal.kind;
      return shown !== expected;
    });
    expect(differing).toEqual([]);
  });
});

test.each([
  ['a text', 1],
  ['12', 1],
  ['"quoted"', 1],
  ['[]', 1],
  ['[1, -2, [3.5, None]]', 6],
  ['{"a": 1, "b": (True,)}', 6],
  ['{1, 2}', 3],
  ['[1, 2', 1],
])('%s holds %i values', (text, values) => {
  expect(parseIniValue(text)).toMatchObject({ ok: true, values });
});
