import { describe, expect, test } from 'vitest';
import { JinjaError, type Value } from '../../jinja/jinja.ts';
import { loadYaml, Templar, UnsafeText } from '../ansible.ts';

function failing(run: () => unknown): JinjaError {
  try {
    run();
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('variables', () => {
  test('are templated late, recursively, and looked up through one interface', () => {
    const asked: string[] = [];
    const values: Record<string, Value> = {
      a: '{{ b }}/{{ b }}',
      b: '{{ c }}x',
      c: 'deep',
      unused: '{{ nope }}',
    };
    const variables = {
      get: (name: string) => {
        asked.push(name);
        return values[name];
      },
      keys: () => Object.keys(values),
    };
    const templar = new Templar({ variables });
    expect(templar.template('{{ a }}')).toBe('deepx/deepx');
    expect(new Set(asked)).toEqual(new Set(['a', 'b', 'c']));
  });

  test('a loop is an error that names the chain', () => {
    const templar = new Templar({ variables: { a: '{{ b }}', b: 'x{{ c }}', c: ['{{ a }}'] } });
    expect(failing(() => templar.renderFile('{{ a }}', { name: 't.j2' })).message).toBe(
      'recursive loop detected: a → b → c → a',
    );
  });

  test('what a template does to a list shows nowhere else', () => {
    const templar = new Templar({ variables: { l: [1], m: '{{ l }}' } });
    expect(templar.renderFile('{{ l.append(2) }}{{ l }}{{ m }}', { name: 't.j2' })).toBe('[1, 2][1]');
    expect(templar.renderFile('{{ l }}', { name: 't.j2' })).toBe('[1]');
  });

  test('unsafe texts are never templated', () => {
    const templar = new Templar({ variables: new Map<string, Value>([['u', new UnsafeText('{{ x }}')]]) });
    expect(templar.renderFile('{{ u }} {{ u | upper }}', { name: 't.j2' })).toBe('{{ x }} {{ X }}');
  });
});

describe('errors have the place in the file, and say where they come from', () => {
  test.each([
    ['a\n{{ nope }}', 't.j2', 2, 4, "'nope' is undefined"],
    ['#jinja2: lstrip_blocks: True\na\n  {{ nope }}', 't.j2', 3, 6, "'nope' is undefined"],
    ['{% include "part.j2" %}', 'part.j2', 2, 4, "'inner' is undefined"],
    ['x {{ d.k.j }}', 't.j2', 1, 10, "'dict object' has no attribute 'k'"],
    ['{{ late }}', 't.j2', 1, 4, "'gone' is undefined (in the variable 'late')"],
    [
      '{{ 1 | json_query("a") }}',
      't.j2',
      1,
      8,
      "the filter 'json_query' belongs to the collection community.general, and only ansible.builtin is built in",
    ],
    [
      '{{ 1 | mine }}',
      't.j2',
      1,
      8,
      "the filter 'mine' is defined in Python by filter_plugins/mine.py, which can't run here; compute the value in a variable",
    ],
    ['{{ 1 | none_such }}', 't.j2', 1, 8, "No filter named 'none_such'"],
  ])('%s', (source, template, line, column, message) => {
    const templar = new Templar({
      variables: { d: {}, late: '{{ gone }}' },
      texts: new Map([['part.j2', 'x\n{{ inner }}']]),
      plugins: new Map([['mine', 'filter_plugins/mine.py']]),
    });
    const error = failing(() => templar.renderFile(source, { name: 't.j2' }));
    expect(error.message).toBe(message);
    expect(error.place).toEqual({ template, line, column });
  });

  test('an error within a variable names the variable', () => {
    const templar = new Templar({ variables: { v: '{{ 1 / 0 }}' } });
    const error = failing(() => templar.renderFile('a\n{{ v }}', { name: 't.j2' }));
    expect(error.name).toBe('ZeroDivisionError');
    expect(error.trace.map(({ what, template }) => [what, template])).toContainEqual([
      "variable 'v'",
      't.j2',
    ]);
  });
});

describe('what depends on the moment or the machine is refused, with what to do instead', () => {
  test.each([
    ['{{ now() }}', /keep the time in a variable/],
    ['{{ lookup("env", "HOME") }}', /put HOME under env: in khp.yml/],
    ['{{ lookup("pipe", "date") }}', /keep its output/],
    ['{{ lookup("url", "http://x") }}', /keep the content in a file/],
    ['{{ lookup("password", "/tmp/x") }}', /keep it in a variable/],
    ['{{ lookup("lines", "ls") }}', /runs a command/],
    ['{{ lookup("random_choice", 1, 2) }}', /random with a seed/],
    ['{{ lookup("file", "/etc/passwd") }}', /only the files of the workspace/],
    ['{{ lookup("file", "../../../etc/passwd") }}', /could not locate file/],
    ['{{ 5 | random }}', /give a seed/],
    ['{{ [1, 2] | shuffle }}', /give a seed/],
    ['{{ "x" | password_hash }}', /keep the hash/],
    ['{{ "%Y" | strftime }}', /moment of rendering/],
    ['{{ "%Y" | strftime(0) }}', /utc=true/],
    ['{{ "~/x" | expanduser }}', /home folder/],
    ['{{ "/x" | realpath }}', /normpath/],
    ['{{ "a" | relpath("/b") }}', /absolute paths/],
    ['{{ "/x" is exists }}', /asks the machine/],
    ['{{ template_mtime }}', /the moment of rendering/],
    ['{{ omit }}', /no task here/],
    ['{{ lipsum() }}', /other words in every run/],
  ])('%s', (source, message) => {
    const templar = new Templar({ texts: new Map([['templates/a.j2', '']]) });
    expect(failing(() => templar.renderFile(source, { name: 'templates/a.j2' })).message).toMatch(message);
  });

  test('what the settings say of the environment is seen', () => {
    const templar = new Templar({ env: { HOME: '/home/x' } });
    expect(
      templar.renderFile('{{ lookup("env", "HOME") }} {{ "$HOME/y" | expandvars }}', { name: 't' }),
    ).toBe('/home/x /home/x/y');
  });
});

describe('files of the workspace', () => {
  const texts = new Map([
    ['templates/hadoop/site.j2', ''],
    ['templates/hadoop/part.j2', 'part of {{ ansible_managed }}'],
    ['templates/hadoop/sub/inner.j2', '{% include "part.j2" %}!'],
    ['templates/hadoop/files/racks.csv', 'h1,/a\nh2,"/b,c"\n'],
    ['templates/hadoop/files/x.ini', '[s]\nKey = v\n[t]\nkey: w\n'],
    ['templates/hadoop/files/note.txt', 'a {{ b }}\n\n'],
    ['templates/hadoop/macros.j2', '{% macro m(x) %}<{{ x }}{{ lookup("vars", "v") }}>{% endmacro %}'],
  ]);
  const templar = new Templar({ variables: { v: 'V', b: 'B' }, texts, ansibleManaged: 'do not edit' });

  test.each([
    ['{% include "sub/inner.j2" %}', 'part of do not edit!'],
    ['{% import "macros.j2" as x %}{{ x.m(1) }}', '<1V>'],
    ['{{ lookup("file", "note.txt") }}|', 'a {{ b }}|'],
    ['{{ lookup("template", "part.j2") }}', 'part of do not edit'],
    ['{{ lookup("csvfile", "h2", file="racks.csv", delimiter=",") }}', '/b,c'],
    ['{{ lookup("csvfile", "h1 file=racks.csv delimiter=,") }}', '/a'],
    ['{{ lookup("ini", "key", section="t", file="x.ini") }}', 'w'],
    ['{{ lookup("ini", "key section=s file=x.ini") }}', 'v'],
    ['{{ lookup("ini", "zz", section="s", file="x.ini", default="d") }}', 'd'],
    ['{{ lookup("fileglob", "*.csv") }}', 'templates/hadoop/files/racks.csv'],
    ['{{ lookup("first_found", ["none.txt", "note.txt"]) }}', 'templates/hadoop/files/note.txt'],
    ['{{ lookup("first_found", ["none"], skip=true) }}|', '[]|'],
  ])('%s', (source, expected) => {
    expect(templar.renderFile(source, { name: 'templates/hadoop/site.j2' })).toBe(expected);
  });
});

describe('hostile templates end in an error, soon', () => {
  const bomb = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`v${n + 1}`, `{{ v${n} }}{{ v${n} }}`]),
  );
  const deep = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`v${n + 1}`, `{{ v${n} }}x`]));
  test.each<[string, string, { [name: string]: unknown }]>([
    ['doubling variables', '{{ v60 }}', { v0: 'xxxxxxxxxxxxxxxx', ...bomb }],
    ['a long chain of variables', '{{ v500 }}', { v0: 'x', ...deep }],
    [
      'a pattern that backtracks',
      '{{ ("a" * 40) | regex_replace("(a+)+$", "") }}{{ ("a" * 40 ~ "b") | regex_search("^(a|aa)+$") }}',
      {},
    ],
    ['a pattern in a test', '{{ ("a" * 5000 ~ "!") is match("(a*)*b") }}', {}],
    ['a pattern of repeats', '{{ ("a" * 30000) | regex_findall("a{0,30000}a{0,30000}b") }}', {}],
    ['products', '{{ range(1000) | product(range(1000), range(1000)) | length }}', {}],
    ['permutations', '{{ range(100) | permutations(50) | length }}', {}],
    ['combinations', '{{ range(100) | combinations(50) | length }}', {}],
    ['a sequence', '{{ lookup("sequence", "1-100000000") }}', {}],
    [
      'indentation',
      '{{ [[[[1]]]] | to_nice_json(indent=100000000) | length > 100000 }}{{ ("x" * 9000000) }}',
      {},
    ],
    ['a comment', '{{ "a" | comment(postfix_count=1000000000, postfix="x" * 100000) }}', {}],
    ['YAML', '{{ ("[" * 10000) | from_yaml }}', {}],
    ['JSON', '{{ ("[" * 10000) | from_json }}', {}],
    ['an include of itself', '{% include "self.j2" %}', {}],
    ['a lookup of itself', '{{ lookup("template", "self2.j2") }}', {}],
  ])('%s', (_name, source, variables) => {
    const texts = new Map([
      ['self.j2', '{% include "self.j2" %}'],
      ['self2.j2', '{{ lookup("template", "self2.j2") }}'],
    ]);
    const before = process.cpuUsage();
    failing(() => new Templar({ variables, texts }).renderFile(source, { name: 't.j2' }));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(2);
  });

  test('JavaScript is out of reach', () => {
    const templar = new Templar({ variables: { d: { a: 1 }, s: 'x' } });
    for (const name of [
      'constructor',
      '__proto__',
      'prototype',
      'toString',
      'hasOwnProperty',
      '__defineGetter__',
    ]) {
      expect(
        templar.renderFile(
          `{{ d.${name} is defined }} {{ s["${name}"] is defined }} {{ ${name} is defined }}`,
          { name: 't' },
        ),
      ).toBe('False False False');
    }
  });
});

test('YAML values keep their types on the way', () => {
  const { value } = loadYaml(
    'port: 8020\nname: "{{ host }}:{{ port }}"\nlist: ["{{ port }}", "{{ port + 1 }}"]\nhost: h1\n',
  );
  const templar = new Templar({ variables: value as never });
  expect(templar.template('{{ name }}')).toBe('h1:8020');
  expect(templar.template('{{ list }}')).toEqual([8020, '8021']);
});
