import { expect, test } from 'vitest';
import { splitCommand } from './command-line.ts';

// biome-ignore format: a row a case reads best
test.each<[string, string[] | undefined]>([
  ['/opt/hadoop/bin/hdfs datanode', ['/opt/hadoop/bin/hdfs', 'datanode']],
  ['  a \t b  ', ['a', 'b']],
  [`sh -c 'echo "a b"; exit 1' ''`, ['sh', '-c', 'echo "a b"; exit 1', '']],
  [String.raw`a "b\"c\\d\e $x"`, ['a', String.raw`b"c\d\e $x`]],
  [String.raw`a\ b c\'d`, ['a b', "c'd"]],
  [`x'y'"z"w`, ['xyzw']],
  [`a 100% # ; $HOME > b`, ['a', '100%', '#', ';', '$HOME', '>', 'b']],
  ['é "ü ö"', ['é', 'ü ö']],
  ['', undefined],
  ['   ', undefined],
  ["''", undefined],
  ["a 'b", undefined],
  ['a "b', undefined],
  ['a b\\', undefined],
  ['a "b\\"', undefined],
])('%j', (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

test('a long hostile line takes no time to speak of', () => {
  const started = process.cpuUsage().user;
  splitCommand(`${'a\\'.repeat(50_001)}'`);
  splitCommand(`${'"a" '.repeat(50_000)}"`);
  splitCommand(`"${'\\"'.repeat(50_000)}`);
  expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
});
