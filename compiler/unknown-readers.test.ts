import { expect, it } from 'vitest';
import type { Diagnostic } from './contract/diagnostic.ts';
import { unknownReaders } from './unknown-readers.ts';

const FILES = [
  'inventories/_default.yml',
  'inventories/t/_default.yml',
  'inventories/t/a.yml',
  'inventories/t/a/front.yml',
  'inventories/t/a/a1.host.yml',
  'inventories/t/b.yml',
  'inventories/u/a.yml',
  'templates/web/defaults.yml',
  'templates/db/defaults.yml',
];
const OF_A = FILES.slice(0, 5);
const OF_HOSTS = [...OF_A, ...FILES.slice(7)];

it.each<[string, Partial<Diagnostic>, readonly string[]]>([
  ['khp.yml', {}, FILES],
  ['inventories/t/a.ini', {}, OF_HOSTS],
  ['inventories/t/a.hosts.yml', {}, OF_HOSTS],
  ['inventories/t/a.recipients', { code: 'load/bad-recipient' }, OF_HOSTS],
  ['inventories/t/a.yml', { code: 'load/missing-inventory' }, OF_HOSTS],
  ['templates/web/component.yml', {}, ['templates/web/defaults.yml']],
  ['khp.yml', { severity: 'warning' }, []],
  ['inventories/t/a.recipients', { code: 'load/unknown-recipient' }, []],
  ['inventories/t/a.yml', { code: 'load/bad-yaml' }, []],
  ['inventories/t/a/front.yml', {}, []],
  ['templates/web/f.j2', {}, []],
])('a mistake in %s %j leaves unknown who reads what', (file, problem, expected) => {
  const place = { file, line: 1, column: 1 };
  const isUnknown = unknownReaders([{ code: 'x/x', severity: 'error', message: '', place, ...problem }]);
  expect(FILES.filter(isUnknown)).toEqual(expected);
});
