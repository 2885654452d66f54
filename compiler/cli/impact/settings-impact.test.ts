import { expect, test } from 'vitest';
import { subjectOf } from '../explain/subject.ts';
import { impactOf } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';

const FILES = {
  'khp.yml': 'env: { yes: a, 2.0: b, ~: c }\npaths: [/etc]\n',
  'inventories/t/c.yml': 'release: r\n',
  'inventories/t/c.ini': '[web]\nh1\n[True]\nh1\n',
  'releases/r.yml': 'release: r\ncomponents:\n  2: { version: "1" }\n',
  'releases/r.md': '',
  'templates/2/component.yml': [
    'component: "2"',
    'roles:',
    '  web: {}',
    '  yes: { directories: [ { path: /var/x } ] }',
    'files:',
    '  - { template: a.j2, path: /etc/a }',
    '',
  ].join('\n'),
  'templates/2/a.j2': "{{ lookup('env', 'True') }} {{ lookup('env', 'None') }}\n",
};
const bytes = new TextEncoder();
const subject = subjectOf(new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])));
const index = new ImpactIndex(subject, () => true);

// Names that are no text are those that Python shows.
test.each([
  ['khp.yml', 1, { files: 1, manifests: 0 }],
  ['releases/r.yml', 3, { files: 0, manifests: 1 }],
  ['templates/2/component.yml', 4, { files: 0, manifests: 1 }],
])('%s:%i reaches what its names stand for', (file, line, expected) => {
  expect(index.parts.map(({ path }) => path[0])).toContain('files');
  const { value } = impactOf(subject, index, { file, line });
  expect({ files: value.files().size, manifests: value.manifestHosts().size }).toEqual(expected);
});
