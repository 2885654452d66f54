import { expect, test } from 'vitest';
import { compile } from '../../compile.ts';
import { sortDiagnostics } from '../../diagnostics/sort.ts';
import { RenderMemo } from '../memo/render-memo.ts';

const SLOW = 'a'.repeat(60);

/** A workspace of clusters with a component whose variable must match a pattern, by the values of their hosts. */
function workspace(clusters: Readonly<Record<string, readonly string[]>>) {
  const files: Record<string, string> = {
    'releases/r1.yml': 'release: r1\ncomponents:\n  app: { version: "1" }\n',
    'templates/app/component.yml': 'component: app\nroles: { app: {} }\n',
    'templates/app/vars.yml': 'x: { pattern: (a|aa)+b }\n',
  };
  for (const [cluster, values] of Object.entries(clusters)) {
    files[`inventories/t/${cluster}.yml`] = 'release: r1\n';
    files[`inventories/t/${cluster}.ini`] =
      `[app]\n${values.map((x, at) => `${cluster}-h${at} x=${x}\n`).join('')}`;
  }
  return {
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    diagnostics: [],
  };
}

const CLUSTERS = {
  c1: ['aab', 'no', SLOW, 'ab', 'no', 'other'],
  c2: ['other', 'ab'],
  c3: [`${SLOW}a`, 'no'],
};

test('what takes too long in one cluster says nothing of the others: they may be compiled elsewhere', () => {
  const together = compile(workspace(CLUSTERS)).diagnostics;
  expect(together.map(({ message, hosts }) => [message.replace(/a{9,}/, 'a…'), hosts])).toEqual([
    ["`x` is 'no', but must be a text that matches (a|aa)+b", ['c1-h1']],
    ["`x` is 'other', but must be a text that matches (a|aa)+b", ['c2-h0']],
    [
      "`x` cannot be compared with its declaration: to match 'a…… with (a|aa)+b takes too many steps",
      ['c1-h2', 'c3-h0'],
    ],
  ]);
  const alone = Object.entries(CLUSTERS).flatMap(
    ([name, values]) => compile(workspace({ [name]: values })).diagnostics,
  );
  expect(sortDiagnostics(alone)).toEqual(together);
});

test('what takes too long is told the same, whichever values were found good before', () => {
  const memo = new RenderMemo();
  const good = { ...CLUSTERS, c1: ['aab', 'aab', 'ab', 'ab', 'ab', 'aaab'] };
  expect(compile(workspace({ c1: good.c1 }), { memo }).diagnostics).toEqual([]);
  const input = workspace({ ...CLUSTERS, c1: ['aab', 'no', SLOW, 'ab', 'aaab', 'other'] });
  expect(compile(input, { memo }).diagnostics).toEqual(compile(input).diagnostics);
});
