import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'khp-console-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PART = 1024 * 1024;
const TEXTS = {
  short: "'é'",
  'in parts': `'abc'.repeat(${PART})`,
  'with a pair where parts meet': `'a'.repeat(${PART - 1}) + '\\u{1f600}' + 'é'.repeat(${2 * PART}) + '\\u{1f600}'`,
  'of pairs': `'\\u{1f600}'.repeat(${PART}) + 'a' + '\\u{1f600}'.repeat(${PART})`,
  'three bytes a unit': `'\\u20ac'.repeat(${PART + 5})`,
};

test.each(Object.entries(TEXTS))('prints a text %s to a file', (name, expression) => {
  const path = join(folder, name);
  const file = openSync(path, 'w');
  const code = `import { print } from ${JSON.stringify(join(import.meta.dirname, 'console.ts'))};
    print('before'); print(${expression}); print('after\\n');`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', file, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const text = new Function(`return ${expression}`)() as string;
  expect(readFileSync(path, 'utf8') === `before\n${text}\nafter\n`).toBe(true);
});
