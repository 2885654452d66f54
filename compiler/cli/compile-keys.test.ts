import { expect, test } from 'vitest';
import { clusterKey, compileKeys } from './compile-keys.ts';

const FILES: Readonly<Record<string, string>> = {
  'khp.yml': '1',
  'inventories/_default.yml': '2',
  'inventories/alpha/_default.yml': '3',
  'inventories/alpha/x.yml': '4',
  'inventories/alpha/x.ini': '5',
  'inventories/alpha/x/h.host.yml': '6',
  'inventories/alpha/y.yml': '7',
  'inventories/beta/z.yml': '8',
  'inventories/README.md': '9',
  'templates/hadoop/core-site.xml.j2': 'a',
  'releases/1.yml': 'b',
  'releases/1.md': 'c',
  'releases/2.yml': 'd',
};
const keysOf = (files: Readonly<Record<string, string>>, compiler = '1') =>
  compileKeys(new Map(Object.entries(files)), compiler);

/** The clusters whose keys an edit changes. */
function changedBy(file: string): string[] {
  const { [file]: _, ...without } = FILES;
  const all = [{ ...FILES, [file]: 'other' }, without].map((files) => {
    const [before, after] = [keysOf(FILES), keysOf(files)];
    return [...before.clusters.keys()].filter((name) => {
      const release = name === 'beta/z' ? '2' : '1';
      return clusterKey(before, name, release) !== clusterKey(after, name, release);
    });
  });
  expect(all[0]).toEqual(all[1]);
  return all[0]!;
}

test('a key changes with each file that the cluster depends on, and with no other', () => {
  const every = ['alpha/x', 'alpha/y', 'beta/z'];
  for (const file of ['khp.yml', 'inventories/_default.yml', 'templates/hadoop/core-site.xml.j2'])
    expect(changedBy(file)).toEqual(every);
  expect(changedBy('inventories/alpha/_default.yml')).toEqual(['alpha/x', 'alpha/y']);
  for (const file of ['inventories/alpha/x.ini', 'inventories/alpha/x/h.host.yml'])
    expect(changedBy(file)).toEqual(['alpha/x']);
  for (const file of ['releases/1.yml', 'releases/1.md'])
    expect(changedBy(file)).toEqual(['alpha/x', 'alpha/y']);
  expect(changedBy('inventories/README.md')).toEqual([]);
});

test('another compiler, another path of the same content and the order of files: each counts as it must', () => {
  expect(keysOf(FILES, '2').clusters.get('alpha/x')).not.toBe(keysOf(FILES).clusters.get('alpha/x'));
  const { 'inventories/alpha/x/h.host.yml': content, ...rest } = FILES;
  const renamed = { ...rest, 'inventories/alpha/x/h.yml': content! };
  expect(keysOf(renamed).clusters.get('alpha/x')).not.toBe(keysOf(FILES).clusters.get('alpha/x'));
  const reversed = Object.fromEntries(Object.entries(FILES).reverse());
  expect(keysOf(reversed)).toEqual(keysOf(FILES));
});

test('which clusters there are is a matter of the fleet; what is in them is not', () => {
  const { fleet, all } = keysOf(FILES);
  const edited = keysOf({ ...FILES, 'inventories/alpha/x.ini': 'other' });
  expect(edited.fleet).toBe(fleet);
  expect(edited.all).not.toBe(all);
  expect(keysOf({ ...FILES, 'inventories/beta/new.yml': 'c' }).fleet).not.toBe(fleet);
  expect(keysOf({ ...FILES, 'releases/3.yml': 'e' }).fleet).not.toBe(fleet);
  expect(keysOf({ ...FILES, 'inventories/beta/_default.yml': 'c' }).fleet).not.toBe(fleet);
});
