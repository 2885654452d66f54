import { expect, test } from 'vitest';
import { impactText } from './impact-text.ts';
import { Reach } from './reach.ts';

test('names of variables and files move no cursor', () => {
  const none = new Reach();
  const by = { file: 'inventories/\u001b[2J.yml', line: 2, column: 1 };
  const overridden = [{ variable: "a['\u001b[31m']", by, hosts: new Set<never>() }];
  const at = { file: 'inventories/\u009b.yml', line: 1 };
  const text = impactText(at, { value: none, line: none, any: none, overridden });
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text).toContain("a['␛[31m'] is overridden by inventories/␛[2J.yml:2:1");
});
