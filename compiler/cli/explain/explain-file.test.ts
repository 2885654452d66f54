import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWorkTree } from '../../1-load/read-files.ts';
import { explainFile, filesOf } from './explain-file.ts';
import { fileText } from './file-text.ts';
import { subjectOf, viewsOf } from './subject.ts';

const FILES = {
  'inventories/t/c.yml':
    'release: r\nextra: { site: { a: "{{ size }}", b: 2 } }\nsize: 3\nport: "{{ size + 1 }}"\npassword: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231\nthrough: "{{ other | default(2) }}"\n',
  'inventories/t/c.ini': '[web]\nh1.x\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/component.yml':
    'component: app\nroles: { web: {} }\nfiles:\n  - { template: a.j2, path: "/etc/{{ size }}/a" }\n  - { template: crlf.j2, path: /etc/crlf }\n  - { template: none.j2, path: /etc/none }\n  - { template: set.j2, path: /etc/set }\n  - { template: looks.j2, path: /etc/looks }\n  - { template: nested.j2, path: /etc/nested }\n  - { template: blocks.j2, path: /etc/blocks }\n  - { template: unset.j2, path: /etc/unset }\n  - { template: left.j2, path: /etc/left }\n',
  'templates/app/crlf.j2': 'first\r\n{{ size }} {{ password }}\r\n',
  'templates/app/none.j2': '',
  'templates/app/left.j2': '{% for n in range(size - 3) %}\n{{ n }}\n{% endfor %}\n\n',
  'templates/app/set.j2':
    "{% from '_m.j2' import tag with context %}\n{% set list %}\n{% for n in range(size) %}{{ n }},{% endfor %}\n\n{% endset %}\n{{ tag('a', list | trim | e) }}\nlast\n",
  'templates/app/looks.j2':
    "{% from '_m.j2' import tag with context %}\n{% if tag('a', size) == '<a>3' %}\nsame\n{% endif %}\nlast\n",
  'templates/app/a.j2':
    "{% from '_m.j2' import tag with context %}\n{% include '_head.j2' +%}\nfirst\n{% set twice = size * 2 %}\n{% if size > 2 %}\n{% for n in range(twice) %}\n{{ n }}\n{% endfor %}\n{% endif %}\n{{ tag('p', port) }}\n",
  'templates/app/_m.j2':
    '{% macro tag(name, value) %}\n<{{ name }}>{{ value }}\n{%- endmacro %}\n{% macro more(of) %}\n{% for key, value in extra[of] | dictsort %}\n{{ tag(key, value) }}\n{% endfor %}\n{% endmacro %}\n',
  'templates/app/nested.j2':
    "{% from '_m.j2' import more with context %}\n{{ tagged | default('none') }}\n{{ more('site') }}last\n",
  'templates/app/blocks.j2':
    'first\n{% filter upper %}\nport\nis {{ port }}\n{% endfilter %}\n{% macro both(x) %}\n{{ x }} {{ caller() }}\n{% endmacro %}\n{% call both(size) %}\nwithin {{ port }}{% endcall %}\n',
  'templates/app/_head.j2': '# head\n',
  'templates/app/unset.j2':
    '{% set own = 1 %}\n{{ nope | default(range(own) | list) }}\n{{ extra.site.c is defined }}{{ through }}{{ ansible_managed }}\n',
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
  size = 3  (inventories/t/c.yml:3:1, cluster)
  port = "4"  (inventories/t/c.yml:4:1, cluster)
      {{ size + 1 }}
`);
});

test('what a file, or a line of it, asked for and nothing sets', () => {
  expect(explained(undefined, 7)).toMatch(/\nasked for, and not set on the host: nope, other\n$/);
  expect(explained(1, 7)).toMatch(/\nasked for, and not set on the host: nope\n$/);
  expect(explained(2, 7)).toMatch(/\nasked for, and not set on the host: other\n$/);
});

test('a line that an include wrote', () => {
  const text = explained(1);
  expect(text).toContain('      # head\nwritten by:\n  templates/app/_head.j2:1:1\n      # head\n');
  expect(text).toContain('    from templates/app/a.j2:2:4\n');
});

test('a line with what the loop, the condition and the assignment before it read', () => {
  const text = explained(3);
  expect(text).toContain('  templates/app/a.j2:7:4\n      {{ n }}\n');
  expect(text).toContain('with:\n  size = 3  (inventories/t/c.yml:3:1, cluster)\n');
});

test('a line that a macro wrote, with what it was called with', () => {
  const text = explained(9);
  expect(text).toContain('      <p>4\nwritten by:\n  templates/app/_m.j2:2:1\n');
  expect(text).toContain("    from templates/app/a.j2:10:4\n      {{ tag('p', port) }}\n");
  expect(text).toContain(
    '  port = "4"  (inventories/t/c.yml:4:1, cluster)\n      {{ size + 1 }}\n    size = 3',
  );
});

test('a line of a template with CRLF, and a secret in it', () => {
  const text = explained(2, 1);
  expect(text).toContain('      3 <secret>');
  expect(text).toContain('  size = 3  (');
  expect(text).toContain('  password = !vault  (');
});

test('a line of a macro that another macro of the same file has called, and the parts of the mapping', () => {
  const text = explained(2, 5);
  expect(text).toContain('      <a>3\nwritten by:\n  templates/app/_m.j2:2:1\n');
  expect(text).toContain(`    from templates/app/_m.j2:6:4
      {{ tag(key, value) }}
    from templates/app/nested.j2:3:4
      {{ more('site') }}last
`);
  expect(text).toContain(
    '  extra.site.a = 3  (inventories/t/c.yml:2:18, cluster)\n      {{ size }}\n    size = 3  (',
  );
  expect(explained(4, 5)).toContain('      last\nwritten by:\n  templates/app/nested.j2:3:19\n');
});

test('a line of a text that was set and changed by filters', () => {
  const text = explained(1, 3);
  expect(text).toContain('      <a>0,1,2,\n');
  expect(text).toContain("    from templates/app/set.j2:6:4\n      {{ tag('a', list | trim | e) }}\n");
  expect(text).toContain('  size = 3  (');
  expect(explained(2, 3)).toContain('      last\nwritten by:\n  templates/app/set.j2:7:1\n');
});

test('a line of a template that looks at what a macro printed', () => {
  const text = explained(1, 4);
  expect(text).toContain('      same\nwritten by a line that cannot be told apart');
  expect(text).toContain('  size = 3  (');
  expect(explained(2, 4)).toContain('      last\n');
});

test('the last line of every file of the sample workspace', () => {
  const sample = subjectOf(readWorkTree(join(import.meta.dirname, '..', '..', '..')).value);
  const seen = new Set<string>();
  for (const host of sample.inventory.clusters.flatMap(({ hosts }) => hosts)) {
    for (const file of filesOf(viewsOf(sample, host))) {
      if (seen.has(file.template)) continue;
      seen.add(file.template);
      const text = file.view.templar.renderFile(sample.workspace.texts.get(file.template)!, {
        name: file.template,
      });
      const lines = text.split('\n').length - 1;
      const { line } = explainFile(sample, file, lines)!;
      expect([file.template, line!.writers.length > 0]).toEqual([file.template, true]);
    }
  }
  expect(seen.size).toBeGreaterThan(40);
});

test('a line that is not there', () => {
  expect(explainFile(subject, fileAt(0), 99)).toBeUndefined();
  expect(explainFile(subject, fileAt(2), 1)).toBeUndefined();
});

test('lines that a filter makes of a block are written by its statement, with all that the block read', () => {
  for (const line of [2, 3]) {
    const text = explained(line, 6);
    expect(text).toContain(
      'written by:\n  templates/app/blocks.j2:2:4\n      {% filter upper %}\nwith:\n  port = "4"',
    );
  }
});

test('a line of a macro that was called with a block says from where, and what both read', () => {
  const text = explained(4, 6);
  expect(text).toContain('      {{ x }} {{ caller() }}\n    from templates/app/blocks.j2:9:4\n');
  expect(text).toContain('      within {{ port }}{% endcall %}\n    from templates/app/blocks.j2:7:12\n');
  expect(text).toContain('  size = 3  ');
  expect(text).toContain('  port = "4"  ');
});

test('a line that is left of a template that wrote nothing', () => {
  const text = explained(1, 8);
  expect(text).toContain('\nan empty line that cannot be told apart; the file was made\nwith:\n  size = 3');
});
