import { expect, test } from 'vitest';
import { render } from '../../3-render/render.ts';
import { subjectOf } from '../explain/subject.ts';
import { impactOf } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';

const DEFAULTS = 'm:\n  x: 1\n  z: 2\n';
const bytes = new TextEncoder();

/** A workspace in which mappings are merged, with `m` as a type and a cluster set it. */
function subjectWith(
  ofType: string,
  ofCluster: string,
  { defaults = DEFAULTS, template = '{{ m.z | default("-") }}' } = {},
) {
  const files = {
    'khp.yml': 'hash_behaviour: merge\npaths: [/etc]\n',
    'inventories/t/_default.yml': `${ofType}\n`,
    'inventories/t/c.yml': `release: r\n${ofCluster}\n`,
    'inventories/t/c.ini': '[web]\nh1\n',
    'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
    'releases/r.md': '',
    'templates/app/defaults.yml': defaults,
    'templates/app/component.yml':
      'component: app\nroles: { web: {} }\nfiles:\n  - { template: a.j2, path: /etc/a }\n',
    'templates/app/a.j2': `${template}\n`,
  };
  return subjectOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
}

function textOf({ workspace, inventory }: ReturnType<typeof subjectOf>): string | undefined {
  return render({ workspace, inventory, matches: () => true, usable: () => true }).value[0]!.files[0]?.text;
}

const SETTINGS = ['', 'm:', 'm: text', 'm: { y: 1 }', 'm: { z: 3 }', 'm: { z: { a: 1 } }', 'm: { z: }'];

test.each(SETTINGS)('a default is reached wherever it counts below "%s" of the type', (ofType) => {
  const reached = SETTINGS.map((ofCluster) => {
    const subject = subjectWith(ofType, ofCluster);
    const index = new ImpactIndex(subject, () => true);
    const { value } = impactOf(subject, index, { file: 'templates/app/defaults.yml', line: 3 });
    const isReached = value.files().size > 0;
    const edited = ['m:\n  x: 1\n  z: 7\n', 'm:\n  x: 1\n  z: { b: 1 }\n'];
    const isChanged = edited.some(
      (defaults) => textOf(subjectWith(ofType, ofCluster, { defaults })) !== textOf(subject),
    );
    if (isChanged) expect([ofType, ofCluster, isReached]).toEqual([ofType, ofCluster, true]);
    return isReached;
  });
  expect(reached).toContain(true);
  // What is no mapping settles all of it.
  expect([reached[1], reached[2]]).toEqual([false, false]);
});

test.each([
  'm: { z: 1,\n# more\n  a: 1 }',
  'm: { z: [ 1,\n\n  a ] }',
  'm: { z: [\n# more\n] }',
  'm: { z: { a: 1\n} }',
  'm: { z: [ a\n] }',
])('an entry may be added where the second line of %j is', (mapping) => {
  const subject = subjectWith(mapping, '');
  const index = new ImpactIndex(subject, () => true);
  const { line } = impactOf(subject, index, { file: 'inventories/t/_default.yml', line: 2 });
  expect(line.files().size).toBe(1);
});

test('what a scalar of a higher layer settles is reached by no other value', () => {
  const subject = subjectWith('m: { z: 3 }', 'm: { z: 4 }');
  const index = new ImpactIndex(subject, () => true);
  const { value, overridden } = impactOf(subject, index, { file: 'templates/app/defaults.yml', line: 3 });
  expect([value.files().size, overridden.map(({ variable }) => variable)]).toEqual([0, ['m.z']]);
});

test.each([
  ['m: { 1: a }', 'm: { yes: b }', '{{ m[1] }}'],
  ['m: { 2: a }', 'm: { 2.0: b }', '{{ m[2] }}'],
  ['m: { a: 1 }', 'm: { !unsafe a: b }', '{{ m.a }}'],
  ['m: 1', '!unsafe m: b', '{{ m }}'],
])('over %s a line `%s` is known by the keys that Python finds equal', (ofType, ofCluster, template) => {
  const subject = subjectWith(ofType, ofCluster, { template });
  const index = new ImpactIndex(subject, () => true);
  const { value } = impactOf(subject, index, { file: 'inventories/t/c.yml', line: 2 });
  expect(value.files().size).toBe(1);
});
