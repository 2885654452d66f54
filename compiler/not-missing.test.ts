import { expect, it } from 'vitest';
import type { Diagnostic } from './contract/diagnostic.ts';
import { notMissing } from './not-missing.ts';

function problem(code: string, file: string, message = ''): Diagnostic {
  return { code, severity: 'error', message, place: { file, line: 1, column: 1 } };
}

const TEMPLATE = 'there is no template `a.j2` in templates/app';

it.each([
  ['inventories/t/c.yml', problem('load/missing-cluster', 'inventories/t/c.ini')],
  ['inventories/t/c.yml', problem('load/orphan-folder', 'inventories/t/c/web.yml')],
  ['inventories/t/c.ini', problem('load/missing-inventory', 'inventories/t/c.yml')],
  ['inventories/t/c.hosts.yml', problem('load/missing-inventory', 'inventories/t/c.yml')],
  ['templates/app/component.yml', problem('load/missing-component-file', 'templates/app/a.j2')],
  ['templates/app/a.j2', problem('load/missing-template', 'templates/app/component.yml', TEMPLATE)],
])('%s is not missing where it cannot be read', (file, missing) => {
  expect(notMissing([missing], [problem('load/unreadable-file', file)])).toEqual([]);
  expect(notMissing([missing], [])).toEqual([missing]);
});

it.each([
  ['inventories/t/d.yml', problem('load/missing-cluster', 'inventories/t/c.ini')],
  ['inventories/t/c.recipients', problem('load/missing-inventory', 'inventories/t/c.yml')],
  ['inventories/t/c.yml', problem('load/bad-ini', 'inventories/t/c.ini')],
  ['templates/web/a.j2', problem('load/missing-template', 'templates/app/component.yml', TEMPLATE)],
  ['templates/app/b.j2', problem('load/missing-template', 'templates/app/component.yml', TEMPLATE)],
])('what has nothing to do with %s is told', (file, other) => {
  expect(notMissing([other], [problem('load/unreadable-file', file)])).toEqual([other]);
});
