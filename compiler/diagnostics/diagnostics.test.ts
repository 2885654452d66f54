import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { CATALOGUE } from './catalogue.ts';
import { codeFrame } from './code-frame.ts';
import { diagnose } from './diagnose.ts';
import { didYouMean, editDistance, nearestName } from './did-you-mean.ts';
import { printGithub } from './github.ts';
import { printJson } from './json.ts';
import { linesOf } from './line-ends.ts';
import { printPretty } from './pretty.ts';
import { sortDiagnostics } from './sort.ts';

const place = (file: string, line: number, column: number, more: Partial<Place> = {}): Place => ({
  file,
  line,
  column,
  ...more,
});

function frame(text: string, at: Place): string {
  return codeFrame(linesOf(text), at)
    .map((line) => `${line.number ?? ' '}|${line.text}`)
    .join('\n');
}

describe('the catalogue', () => {
  it('names every code phase/problem and says what, why and what next as sentences without a full stop', () => {
    for (const [code, entry] of Object.entries(CATALOGUE)) {
      expect(code).toMatch(/^(?:load|resolve|check|render|seal)\/[a-z]+(?:-[a-z]+)*$/);
      expect(entry.title).toMatch(/[^.]$/);
      expect(entry.hint ?? 'the message says it').toMatch(/[^.]$/);
      expect(entry.why).toMatch(/\.$/);
    }
  });
});

describe('codeFrame', () => {
  it.each([
    ['one character', 'a\nbcd\ne\nf\n', place('f', 2, 2), '1|a\n2|bcd\n | ^\n3|e'],
    ['a range', 'a: bcd\n', place('f', 1, 4, { endLine: 1, endColumn: 7 }), '1|a: bcd\n |   ^^^'],
    [
      'to the line end',
      'a: [1,\n2]\n',
      place('f', 1, 4, { endLine: 2, endColumn: 3 }),
      '1|a: [1,\n |   ^^^\n2|2]',
    ],
    ['tabs stop every 4 columns', '\ta\tb', place('f', 1, 4), '1|    a   b\n |        ^'],
    ['wide characters', '漢字 = x', place('f', 1, 6), '1|漢字 = x\n |       ^'],
    ['an emoji is two units and two columns', '😀x', place('f', 1, 3), '1|😀x\n |  ^'],
    ['a combining mark takes no column', 'e\u0301x', place('f', 1, 3), '1|e\u0301x\n | ^'],
    ['the end of a line', 'ab\n', place('f', 1, 3), '1|ab\n |  ^'],
    ['past the line', 'ab', place('f', 1, 9), '1|ab\n |  ^'],
    ['CRLF', 'a\r\nb\r\n', place('f', 1, 1), '1|a\n |^\n2|b'],
    ['CR alone', 'a\rb\rc', place('f', 2, 1), '1|a\n2|b\n |^\n3|c'],
    ['escape sequences are shown, not obeyed', 'a\u001b[2Jb', place('f', 1, 6), '1|a␛[2Jb\n |     ^'],
    ['past the end', 'a\n', place('f', 7, 1), ''],
  ])('%s', (_, text, at, expected) => {
    expect(frame(text, at)).toBe(expected);
  });

  it('puts the first mark under the character, whatever stands before it and however long the line is', () => {
    const before = fc.string({ unit: fc.constantFrom('a', '\t', '漢', '😀', 'é', ' '), maxLength: 300 });
    fc.assert(
      fc.property(before, (text) => {
        const [line, marks] = codeFrame(linesOf(`${text}X`), place('f', 1, text.length + 1));
        const upTo = [...line!.text].slice(0, [...line!.text].indexOf('X')).join('');
        const columns = [...upTo].reduce((sum, c) => sum + (c === '漢' || c === '😀' ? 2 : 1), 0);
        expect(marks!.text.indexOf('^')).toBe(columns);
      }),
    );
  });
});

describe('didYouMean', () => {
  it.each([
    ['relase', ['release', 'roles'], 'release'],
    ['Roles', ['release', 'roles'], 'roles'],
    ['daatnode', ['datanode', 'namenode'], 'datanode'],
    ['xyz', ['release', 'roles'], undefined],
    ['ab', ['ba', 'cb'], 'ba'],
  ])('%s', (name, candidates, expected) => {
    expect(nearestName(name, candidates)).toBe(expected);
    expect(didYouMean(name, candidates)).toBe(expected && `did you mean \`${expected}\`?`);
  });

  it('measures a distance: symmetric, zero for equals only, at most the longer length', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

const undefinedVariable = (at: Place, host: string): Diagnostic =>
  diagnose('render/undefined-variable', { place: at, message: "'x' is undefined", hosts: [host] });

describe('sortDiagnostics', () => {
  it('sorts by file, line, column, code and merges the same problem of several hosts', () => {
    const at = place('b', 2, 10);
    const sorted = sortDiagnostics([
      diagnose('load/bad-ini', { message: 'no place' }),
      undefinedVariable(at, 'h2'),
      undefinedVariable(place('b', 10, 1), 'h1'),
      undefinedVariable(at, 'h10'),
      undefinedVariable(at, 'h2'),
      diagnose('load/bad-yaml', { place: at, message: 'm' }),
      diagnose('load/bad-yaml', { place: place('a', 9, 9), message: 'm' }),
    ]);
    expect(sorted.map(({ code, place, hosts }) => [code, place?.file, place?.line, hosts])).toEqual([
      ['load/bad-yaml', 'a', 9, undefined],
      ['load/bad-yaml', 'b', 2, undefined],
      ['render/undefined-variable', 'b', 2, ['h10', 'h2']],
      ['render/undefined-variable', 'b', 10, ['h1']],
      ['load/bad-ini', undefined, undefined, undefined],
    ]);
  });

  it('keeps apart what comes from two places', () => {
    const setAt = (file: string, host: string): Diagnostic => ({
      ...undefinedVariable(place('a.j2', 1, 1), host),
      related: [{ place: place(file, 1, 1), message: '`y` is set here' }],
    });
    const sorted = sortDiagnostics([setAt('y.yml', 'h3'), setAt('x.yml', 'h2'), setAt('x.yml', 'h1')]);
    expect(sorted.map(({ related, hosts }) => [related![0]!.place.file, hosts])).toEqual([
      ['x.yml', ['h1', 'h2']],
      ['y.yml', ['h3']],
    ]);
  });

  it('merges what is wrong at one place in the words of many hosts', () => {
    const quoted = (column: number, n: number): Diagnostic => {
      const message = `a bare "&" (h${n} & more)`;
      return diagnose('seal/malformed-xml', { place: place('a', 1, column), message, hosts: [`h${n}`] });
    };
    const of = (column: number, count: number) => Array.from({ length: count }, (_, n) => quoted(column, n));
    const sorted = sortDiagnostics([...of(1, 3), ...of(2, 4).reverse()]);
    expect(sorted.map(({ message, hosts }) => [message, hosts])).toEqual([
      ['a bare "&" (h0 & more)', ['h0']],
      ['a bare "&" (h1 & more)', ['h1']],
      ['a bare "&" (h2 & more)', ['h2']],
      ['a bare "&" (h0 & more) (and 3 other forms of it, on other hosts)', ['h0', 'h1', 'h2', 'h3']],
    ]);
    expect(sortDiagnostics(sorted)).toEqual(sorted);
  });

  it('does not depend on the order in which problems were found', () => {
    const some = ['a', 'b'].flatMap((file) =>
      [1, 2].flatMap((line) => ['h1', 'h2'].map((host) => undefinedVariable(place(file, line, 1), host))),
    );
    const expected = sortDiagnostics(some);
    fc.assert(
      fc.property(fc.shuffledSubarray(some, { minLength: some.length }), (shuffled) => {
        expect(sortDiagnostics(shuffled)).toEqual(expected);
      }),
    );
  });
});

const files = new Map([['a.yml', 'x: 1\nfoo: {{ y }}\n']]);
const many = Array.from({ length: 412 }, (_, i) => undefinedVariable(place('a.yml', 2, 6), `h${1000 + i}`));
const duplicate = diagnose('load/duplicate-host', {
  place: place('a.yml', 1, 1),
  message: 'host `h` is in two clusters',
  related: [{ place: place('b.yml', 12, 1), message: 'first declared here' }],
  hint: 'remove, rename: 100%',
});

describe('printers', () => {
  it('pretty', () => {
    expect(printPretty([...many, duplicate], (file) => files.get(file))).toMatchInlineSnapshot(`
      "error[load/duplicate-host] host \`h\` is in two clusters
        --> a.yml:1:1
       1 | x: 1
         | ^
       2 | foo: {{ y }}
         = first declared here:
        --> b.yml:12:1
         = hint: remove, rename: 100%

      error[render/undefined-variable] 'x' is undefined
       --> a.yml:2:6
      1 | x: 1
      2 | foo: {{ y }}
        |      ^
        = on: h1000 and 411 other hosts
        = hint: set the variable in a layer that reaches the host, or give it a default in defaults.yml

      2 errors
      "
    `);
  });

  it('pretty says nothing of nothing, and colours only when asked', () => {
    expect(printPretty([], () => undefined)).toBe('');
    expect(printPretty([duplicate], () => undefined)).not.toContain('\u001b');
    expect(printPretty([duplicate], () => undefined, { colour: true })).toContain('\u001b[1m');
  });

  it('json', () => {
    expect(JSON.parse(printJson([duplicate]))).toEqual({ diagnostics: [duplicate] });
  });

  it('github', () => {
    expect(printGithub([...many, duplicate])).toMatchInlineSnapshot(`
      "::error file=a.yml,line=1,col=1,title=load/duplicate-host::host \`h\` is in two clusters%0Afirst declared here: b.yml:12:1%0Ahint: remove, rename: 100%25
      ::error file=a.yml,line=2,col=6,title=render/undefined-variable::'x' is undefined%0Aon: h1000 and 411 other hosts%0Ahint: set the variable in a layer that reaches the host, or give it a default in defaults.yml
      "
    `);
  });
});
