import { describe, expect, test } from 'vitest';
import { Dict, JinjaError, type Value } from '../../jinja/jinja.ts';
import { SecretText, Templar } from '../ansible.ts';

const ENVELOPE = '$ANSIBLE_VAULT;1.2;AES256;prod\n6162\n';
const AGE =
  '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n-----END AGE ENCRYPTED FILE-----\n';

function templar(more: Readonly<Record<string, Value>> = {}, texts: Readonly<Record<string, string>> = {}) {
  const variables = new Map<string, Value>([
    ['s', new SecretText('age', AGE)],
    ['v', new SecretText('vault', ENVELOPE)],
    ['same', '{{ s }}'],
    ['db', new Dict([['password', new SecretText('age', AGE)]])],
    ['inventory_hostname', 'h1'],
    ...Object.entries(more),
  ]);
  return new Templar({ variables, texts: new Map(Object.entries(texts)) });
}

const render = (source: string, ...given: Parameters<typeof templar>) =>
  templar(...given).renderFileWithSecrets(source, { name: 't.j2' });

function failure(run: () => unknown): JinjaError {
  try {
    run();
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const WHOLE: [string, string][] = [
  ['{{ s }}', '{{khp:secret:0}}'],
  ['a {{ v }} b {{ s }} c {{ v }}', 'a {{khp:secret:0}} b {{khp:secret:1}} c {{khp:secret:0}}'],
  ['{{ db.password }}{{ db["password"] }}', '{{khp:secret:0}}{{khp:secret:0}}'],
  ['{{ same }}', '{{khp:secret:0}}'],
  ['{% set x = s %}{{ x }}', '{{khp:secret:0}}'],
  ['{% set x %}<{{ s }}>{% endset %}{{ x }}{{ x }}', '<{{khp:secret:0}}><{{khp:secret:0}}>'],
  ['{% macro p(n, v) %}{{ n }}={{ v }};{% endmacro %}{{ p("a", s) }}', 'a={{khp:secret:0}};'],
  ['{% macro p() %}[{{ caller() }}]{% endmacro %}{% call p() %}{{ s }}{% endcall %}', '[{{khp:secret:0}}]'],
  ['{% for x in [s, "y"] %}{{ x }},{% endfor %}', '{{khp:secret:0}},y,'],
  ['{% for x in [[s]] recursive %}{% if x is iterable %}{{ loop(x) if false }}{% endif %}{% endfor %}', ''],
  ['{{ s if true else "x" }}{{ s is defined }}', '{{khp:secret:0}}True'],
  ['{% include "i.j2" %}', 'i {{khp:secret:0}}'],
  ['{{ lookup("template", "i.j2") }}', 'i {{khp:secret:0}}'],
  ['{% from "m.j2" import m %}{{ m(s) }}', 'm {{khp:secret:0}}'],
  ['{{ [s] | first }}{{ {"a": s}.a }}', '{{khp:secret:0}}{{khp:secret:0}}'],
  ['{% block b %}{{ s }}{% endblock %}{{ self.b() }}', '{{khp:secret:0}}{{khp:secret:0}}'],
  ['{{ [s] | length }}', '1'],
  // What is printed is escaped nowhere, as in Ansible.
  ['{% autoescape true %}<{{ s }}>{% endautoescape %}', '<{{khp:secret:0}}>'],
  [
    '{% autoescape true %}{% macro p(v) %}{{ v }}{% endmacro %}{{ p(s) }}{% endautoescape %}',
    '{{khp:secret:0}}',
  ],
];

const TEXTS = { 'i.j2': 'i {{ s }}', 'm.j2': '{% macro m(x) %}m {{ x }}{% endmacro %}' };

test.each(WHOLE)('%s', (source, text) => {
  const rendered = render(source, {}, TEXTS);
  expect(rendered.text).toBe(text);
  for (const { offset } of rendered.secrets) expect(text.slice(offset)).toMatch(/^\{\{khp:secret:\d\}\}/);
  expect(rendered.secrets).toHaveLength(text.split('{{khp').length - 1);
  const traced = templar({}, TEXTS).renderFileTraced(source, { name: 't.j2' });
  expect(traced.text).toBe(text);
});

const REFUSED = [
  ...['default("x")', 'string', 'to_json', 'b64encode', 'length', 'upper', 'hash("sha1")', 'quote', 'bool'],
  ...[
    'to_nice_yaml',
    'to_yaml',
    'regex_replace("a", "b")',
    'int',
    'type_debug',
    'pprint',
    'indent',
    'safe',
    'e',
  ],
  ...['list', 'first', 'urlencode', 'trim', 'ternary("a", "b")', 'forceescape'],
].map((filter) => `{{ s | ${filter} }}`);

REFUSED.push(
  '{{ s ~ "" }}',
  '{{ "" ~ s }}',
  '{{ s + "a" }}',
  '{{ "a" + s }}',
  '{{ s * 2 }}',
  '{{ "%s" % s }}',
  '{{ "{}".format(s) }}',
  '{{ s % "a" }}',
  '{{ s == "a" }}',
  '{{ "a" != s }}',
  '{{ s == s }}',
  '{{ [s] == [s] }}',
  '{{ s in [s] }}',
  '{{ s in "abc" }}',
  '{{ "a" in s }}',
  '{{ s < "a" }}',
  '{{ not s }}',
  '{{ s or "x" }}',
  '{% if s %}x{% endif %}',
  '{{ "a" if s else "b" }}',
  '{% for c in s %}{{ c }}{% endfor %}',
  '{{ s[0] }}',
  '{{ s[:1] }}',
  '{{ s.upper() }}',
  '{{ s.x }}',
  '{{ s() }}',
  '{{ {s: 1} }}',
  '{{ {"a": 1}[s] }}',
  '{{ [s] }}',
  '{{ {"a": s} }}',
  '{{ [s] | join }}',
  '{{ [s] | join(",") }}',
  '{{ {"a": s} | to_json }}',
  '{{ {"a": s} | to_nice_yaml }}',
  '{{ {"a": s} | tojson }}',
  '{{ {"a": [s]} | to_nice_json }}',
  '{{ [s, "a"] | sort }}',
  '{{ [s, s] | unique }}',
  '{{ [s] | map("upper") | list }}',
  '{{ [s] | select | list }}',
  '{{ "x" | default(s) }}',
  '{{ "x" | replace("x", s) }}',
  '{{ lookup("file", s) }}',
  '{{ s is string }}',
  '{{ s is none }}',
  '{{ s is sameas(s) }}',
  '{{ s is search("a") }}',
  '{{ [s] is contains(s) }}',
  '{% set x = s ~ "a" %}{{ x }}',
  '{% set x %}{{ s }}{% endset %}{{ x | length }}',
  '{% set x %}{{ s }}{% endset %}{{ x }}{{ x | upper }}',
  '{% set x %}{{ s }}{% endset %}{{ x ~ "" }}',
  '{% set x %}{{ s }}{% endset %}{% if x == "a" %}{% endif %}',
  '{% set x | upper %}{{ s }}{% endset %}',
  '{% filter upper %}{{ s }}{% endfilter %}',
  '{% filter indent %}{{ s }}{% endfilter %}',
  '{% macro p(v) %}{{ v }}{% endmacro %}{{ p(s) | trim }}',
  '{% macro p(v) %}{{ v }}{% endmacro %}{{ p(s) ~ "x" }}',
  '{% macro p(v) %}{{ v }}{% endmacro %}{{ [p(s)] | join }}',
  '{% macro p() %}{{ caller() | upper }}{% endmacro %}{% call p() %}{{ s }}{% endcall %}',
  '{% set x %}{% include "i.j2" %}{% endset %}{{ x | hash }}',
  '{{ lookup("template", "i.j2") | length }}',
  '{% import "i.j2" as i with context %}{{ i | string }}',
  '{% import "i.j2" as i with context %}{{ i ~ "" }}',
  '{% block b %}{{ s }}{% endblock %}{{ self.b() | upper }}',
  '{% autoescape true %}{{ s ~ "<" }}{% endautoescape %}',
  '{% for x in [s] recursive %}{{ loop([]) if false }}{{ x ~ "" }}{% endfor %}',
  '{% include s %}',
  '{{ mixed }}',
  '{{ newline }}',
  '{{ filtered }}',
  '{{ listed }}',
  '{{ vars }}',
  '{{ ",".join([s]) }}',
  '{{ ",".join(["a", s]) }}',
  '{{ "a".replace(s, "b") }}',
  '{{ "a".split(s) }}',
  '{{ "a".startswith(s) }}',
  '{{ "a".ljust(s) }}',
  '{{ "a" * s }}',
  '{{ "a"[s] }}',
  '{{ [1][s] }}',
  '{{ [1].index(s) }}',
  '{{ range(s) }}',
  '{{ dict(s) }}',
  '{{ {}.get(s) }}',
  '{{ -s }}',
  '{{ s ** 2 }}',
);

test.each(REFUSED)('refuses %s', (source) => {
  const more = {
    mixed: 'x{{ s }}',
    newline: '{{ s }}\n',
    filtered: '{{ s | upper }}',
    listed: '{{ [s] }}',
    vars: new Dict([['s', new SecretText('age', AGE)]]),
  };
  const { message, place, name } = failure(() => render(source, more, TEXTS));
  expect(message).not.toContain('\u{F1CE4}');
  expect(place).toBeDefined();
  expect(name).toBe('SecretError');
});

describe('marks', () => {
  test('of another process, or written by hand, stay in no output', () => {
    const forged = `\u{F1CE4}${'0'.repeat(32)}:0\u{F1CE5}`;
    expect(failure(() => render(`{{ s }}${forged}`)).name).toBe('SecretError');
    expect(failure(() => render('{{ s }}{{ f }}', { f: forged })).name).toBe('SecretError');
  });

  test('a vault that is none is refused where it is inserted', () => {
    const more = { bad: new SecretText('vault', '$ANSIBLE_VAULT;1.1;AES256') };
    expect(failure(() => render('{{ bad }}', more)).name).toBe('MalformedSecret');
    expect(render('{{ bad is defined }}', more).text).toBe('True');
  });

  test('a secret that no bundle could hold is refused where it is inserted', () => {
    const more = {
      long: new SecretText('age', AGE.padEnd(65_537)),
      most: new SecretText('age', AGE.padEnd(65_536)),
    };
    expect(failure(() => render('{{ long }}', more))).toMatchObject({
      name: 'LongSecret',
      message: expect.stringMatching(/has 65537 characters, and a bundle holds at most 65536/),
    });
    expect(render('{{ most }}', more).text).toBe('{{khp:secret:0}}');
  });

  test('a secret of another host is refused', () => {
    const more = { own: new SecretText('age', AGE, 'h1'), other: new SecretText('age', AGE, 'h2') };
    expect(render('{{ own }}', more).text).toBe('{{khp:secret:0}}');
    expect(failure(() => render('{{ other }}', more)).message).toMatch(/of host h2/);
  });
});
