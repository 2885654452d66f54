import { expect, test } from 'vitest';
import { explainFile, filesOf } from './explain-file.ts';
import { fileText } from './file-text.ts';
import { subjectOf, viewsOf } from './subject.ts';

const FILES = {
  'inventories/t/c.yml':
    'release: r\nsize: 3\nport: "{{ size + 1 }}"\npassword: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231\n',
  'inventories/t/c.ini': '[web]\nh1.x\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/component.yml':
    'component: app\nroles: { web: {} }\nfiles:\n  - { template: a.j2, path: "/etc/{{ size }}/a" }\n  - { template: crlf.j2, path: /etc/crlf }\n  - { template: none.j2, path: /etc/none }\n',
  'templates/app/crlf.j2': 'first\r\n{{ size }} {{ password }}\r\n',
  'templates/app/none.j2': '',
  'templates/app/a.j2':
    "{% from '_m.j2' import tag with context %}\n{% include '_head.j2' +%}\nfirst\n{% set twice = size * 2 %}\n{% if size > 2 %}\n{% for n in range(twice) %}\n{{ n }}\n{% endfor %}\n{% endif %}\n{{ tag('p', port) }}\n",
  'templates/app/_m.j2': '{% macro tag(name, value) %}\n<{{ name }}>{{ value }}\n{%- endmacro %}\n',
  'templates/app/_head.j2': '# head\n',
};
const bytes = new TextEncoder();
const subject = subjectOf(new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])));

function fileAt(at: number) {
  return filesOf(viewsOf(subject, subject.inventory.clusters[0]!.hosts[0]!))[at]!;
}

function explained(line?: number, at = 0): string {
  return fileText(explainFile(subject, fileAt(at), line)!);
}

test('a file with its template and variables', () => {
  expect(explained()).toBe(`/etc/3/a on h1.x, of templates/app/a.j2

with:
  size = 3  (inventories/t/c.yml:2:1, cluster)
  port = "4"  (inventories/t/c.yml:3:1, cluster)
      {{ size + 1 }}
`);
});

test('a line that an include wrote', () => {
  const text = explained(1);
  expect(text).toContain('      # head\nwritten by:\n  templates/app/_head.j2:1:1\n      # head\n');
  expect(text).toContain('    from templates/app/a.j2:2:1\n');
});

test('a line with what the loop, the condition and the assignment before it read', () => {
  const text = explained(3);
  expect(text).toContain('  templates/app/a.j2:7:4\n      {{ n }}\n');
  expect(text).toContain('with:\n  size = 3  (inventories/t/c.yml:2:1, cluster)\n');
});

test('a line that a macro wrote, with what it was called with', () => {
  const text = explained(9);
  expect(text).toContain('      <p>4\nwritten by:\n  templates/app/_m.j2:2:1\n');
  expect(text).toContain("    from templates/app/a.j2:10:4\n      {{ tag('p', port) }}\n");
  expect(text).toContain(
    '  port = "4"  (inventories/t/c.yml:3:1, cluster)\n      {{ size + 1 }}\n    size = 3',
  );
});

test('a line of a template with CRLF, and a secret in it', () => {
  const text = explained(2, 1);
  expect(text).toContain('      3 <secret>');
  expect(text).toContain('  size = 3  (');
  expect(text).toContain('  password = !vault  (');
});

test('a line that is not there', () => {
  expect(explainFile(subject, fileAt(0), 99)).toBeUndefined();
  expect(explainFile(subject, fileAt(2), 1)).toBeUndefined();
});
