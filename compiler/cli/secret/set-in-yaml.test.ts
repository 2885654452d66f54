import { expect, test } from 'vitest';
import { UsageError } from '../console.ts';
import { setInYaml } from './set-in-yaml.ts';

const ARMOR = '-----BEGIN-----\nabc\n-----END-----\n';
const set = (text: string, path: string) => setInYaml(text, { path: path.split('.'), ciphertext: ARMOR });
const value = (indent: string) =>
  `!secret |\n${indent}-----BEGIN-----\n${indent}abc\n${indent}-----END-----\n`;

const CASES: [string, string, string][] = [
  ['', 'a', `a: ${value('  ')}`],
  ['---\n', 'a', `---\na: ${value('  ')}`],
  ['# only a comment\n', 'a.b', `# only a comment\na:\n  b: ${value('    ')}`],
  ['x: 1\n', 'a', `x: 1\na: ${value('  ')}`],
  ['x: 1', 'a', `x: 1\na: ${value('  ')}`],
  ['# c\na: old # why\nb: 2\n', 'a', `# c\na: !secret | # why\n${value('  ').slice(10)}b: 2\n`],
  ['a: "old"\n\n# c\nb: 2\n', 'a', `a: ${value('  ')}\n# c\nb: 2\n`],
  ['a:\nb: 2\n', 'a', `a: ${value('  ')}b: 2\n`],
  ['a: |\n  old\n  lines\nb: 2\n', 'a', `a: ${value('  ')}b: 2\n`],
  ['a: !secret |  # why\n  old\nb: 2\n', 'a', `a: !secret |  # why\n${value('  ').slice(10)}b: 2\n`],
  ['a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  62\nb: 2\n', 'a', `a: ${value('  ')}b: 2\n`],
  ['m:\n    k: 1 # c\n    p: x\nb: 2\n', 'm.p', `m:\n    k: 1 # c\n    p: ${value('      ')}b: 2\n`],
  ['m:\n    k: 1 # c\nb: 2\n', 'm.p', `m:\n    k: 1 # c\n    p: ${value('      ')}b: 2\n`],
  [
    'm:\n  k:\n    d: [1,\n      2]\nb: 2\n',
    'm.k.p',
    `m:\n  k:\n    d: [1,\n      2]\n    p: ${value('      ')}b: 2\n`,
  ],
  [
    'x: {{ y }}\n'.replace('{{ y }}', '"{{ y }}"'),
    'm.n.o',
    `x: "{{ y }}"\nm:\n  n:\n    o: ${value('      ')}`,
  ],
  ['l:\n  - n: x\n    p: y\n  - n: z\n', 'l.0.p', `l:\n  - n: x\n    p: ${value('      ')}  - n: z\n`],
  ['a: #c\nb: 1\n', 'a', `a: !secret | #c\n${value('  ').slice(10)}b: 1\n`],
  ['x: 1\n', 'on.no', `x: 1\n"on":\n  "no": ${value('    ')}`],
  ["'a': 1\n", 'a', `'a': ${value('  ')}`],
];

test.each(CASES)('%j: %s', (text, path, expected) => {
  expect(set(text, path)).toBe(expected);
  const crlf = text.replaceAll('\n', '\r\n');
  if (crlf.includes('\r\n')) expect(set(crlf, path)).toBe(expected.replaceAll('\n', '\r\n'));
});

test.each([
  ['a: {b: 1}\n', 'a.b'],
  ['{a: 1}\n', 'a'],
  ['a: [1]\n', 'a'],
  ['a:\n  b: 1\n', 'a'],
  ['a: 1\n', 'a.b'],
  ['- a\n', 'a'],
])('refuses %j: %s', (text, path) => {
  expect(() => set(text, path)).toThrow(UsageError);
});
