import { expect, test } from 'vitest';
import { subjectOf } from './explain/subject.ts';
import { findHost } from './find-host.ts';

const FILES = {
  'inventories/t/c.yml': 'release: r\n',
  'inventories/t/c.ini': '[web]\nh1\nh1.x\nh2.x\nh3.x\nh3.y\n',
  'releases/r.yml': 'release: r\ncomponents: {}\n',
};
const bytes = new TextEncoder();
const { inventory } = subjectOf(
  new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])),
);

test('a host by its name or its first label', () => {
  expect(findHost('h1', inventory).host).toBe('h1');
  expect(findHost('h1.x', inventory).host).toBe('h1.x');
  expect(findHost('h2', inventory).host).toBe('h2.x');
});

test('a label of two hosts, and of none', () => {
  expect(() => findHost('h3', inventory)).toThrow('h3 is more than one host: h3.x, h3.y');
  expect(() => findHost('h2.z', inventory)).toThrow('there is no host h2.z; did you mean `h2.x`?');
});
