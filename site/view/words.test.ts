import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count, formatSize, grouped } from './amount.ts';
import { clusterPage, fileId, hostPage, linkTo, rootOf } from './link.ts';
import { byNaturalOrder } from './natural-order.ts';
import { formatDuration, momentOf } from './time.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [3490, '3.41 KiB'],
  [102_349, '100 KiB'],
  [1_023_487, '999 KiB'],
  [1_023_900, '0.976 MiB'],
  [730_107_476, '696 MiB'],
  [2 ** 52, '4096 TiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3599, '59 min'],
  [3600, '1 h'],
  [19_260, '5 h 21 min'],
  [86_400, '1 d'],
  [86_400 * 3 + 3600 * 4 + 59, '3 d 4 h'],
])('%d s are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('a moment before, and one after now', () => {
  const now = Date.parse('2026-11-23T12:00:00Z') / 1000;
  expect(momentOf(now - 61, now)).toEqual({
    iso: '2026-11-23T11:58:59Z',
    text: '2026-11-23 11:58 UTC',
    age: '1 min ago',
  });
  expect(momentOf(now + 86_400, now).age).toBe('in 1 d');
});

test('counts', () => {
  expect([count(1, 'host'), count(0, 'host'), count(9800, 'host')]).toEqual([
    '1 host',
    '0 hosts',
    '9\u202f800 hosts',
  ]);
  expect([grouped(999), grouped(1_234_567)]).toEqual(['999', '1\u202f234\u202f567']);
});

test('names in the order in which people count', () => {
  const names = ['dn-10', 'dn-2', 'dn-1', 'dn-02', 'a', 'dn-2.b', 'dn-2.a10', 'dn-2.a9', '10', '9'];
  expect(names.sort(byNaturalOrder)).toEqual([
    '9',
    '10',
    'a',
    'dn-1',
    'dn-02',
    'dn-2',
    'dn-2.a9',
    'dn-2.a10',
    'dn-2.b',
    'dn-10',
  ]);
});

test('the order of names is total', () => {
  const name = fc.stringMatching(/^[a-b0-1.-]{1,6}$/);
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(byNaturalOrder(a, b))).toBe(-Math.sign(byNaturalOrder(b, a)) || 0);
      expect(byNaturalOrder(a, b) === 0).toBe(a === b);
      if (byNaturalOrder(a, b) < 0 && byNaturalOrder(b, c) < 0) expect(byNaturalOrder(a, c)).toBeLessThan(0);
    }),
  );
});

test('links are relative, from any depth to any depth', () => {
  expect(linkTo('', hostPage('dn-1'))).toBe('hosts/dn-1/index.html');
  expect(linkTo(clusterPage('alpha', 'hadoop-x'), hostPage('dn-1'))).toBe('../../../hosts/dn-1/index.html');
  expect(linkTo(hostPage('dn-1'), '')).toBe('../../index.html');
  expect(rootOf('')).toBe('');
});

test('the id of a file has nothing that an id or a URL may not hold', () => {
  expect(fileId('/etc/hadoop/conf/hdfs-site.xml')).toBe('/etc/hadoop/conf/hdfs-site.xml');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      expect(fileId(path)).toMatch(/^[\w/.!~*'()%-]*$/);
    }),
  );
});
