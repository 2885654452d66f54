import { expect, test } from 'vitest';
import type { Format } from '../../1-load/component.ts';
import { misplacedSecrets } from './secret-position.ts';

/** A marker, and whether it may stand where it stands: `Y` stands for one that may, `N` for one that may not. */
const CASES: [Format, string][] = [
  ['xml', '<?xml version="1.0"?><!-- N --><a b="Y" c=\'xYz\'>Y<![CDATA[N]]><?p N?>\nY</a>'],
  ['json', '{"a": "Y", "N": "pre Y post", "l": ["Y", {"k": "Y"}]}'],
  ['yaml', 'a: "Y"\nb: \'N\'\nc: xN\n"N": 1\nd: ["Y", N]\n# N\ne: |\n  N\nf: >\n  N\ng: "x\n  Y"\n'],
  ['yaml', '? ["N"]\n: "Y"\n---\n"Y"\n'],
  [
    'ini',
    '[aN]\nk = Y\nk: jdbc:Y?x\nkN = 1\n; N\n# N\nq = "N"\nr = a ; N\n  N\ns=\'N\'\nt = \\N\nu = a #N\n',
  ],
  ['properties', 'a=Y\nb: x Y\nc Y\n# N\n! N\nN=1\nd = a \\\n  N\ne = Y\\\n N\nf=\\\\Y\ng=\\N\nh\\=N = Y\n'],
  ['properties', '# C:\\\na=Y\r! N\rb=x\rN\r\nc=Y\r\nd=x\\\r\n  N\r\n'],
  ['ini', 'a = Y\r; N\rN\r\nk = Y\r\n'],
  ['text', '# Y\nx="Y"\n'],
];

test.each(CASES)('%s: %s', (format, text) => {
  const marker = '{{khp:secret:0}}';
  const marked = text.replace(/[YN]/g, marker);
  const expected: number[] = [];
  const offsets: number[] = [];
  for (const { 0: letter, index } of text.matchAll(/[YN]/g)) {
    const offset = index + offsets.length * (marker.length - 1);
    offsets.push(offset);
    if (letter === 'N') expected.push(offset);
  }
  expect(misplacedSecrets(marked, format, offsets)).toEqual(expected);
});
