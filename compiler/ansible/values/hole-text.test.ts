import { describe, expect, test } from 'vitest';
import { fitsHole, HoleText, withHoles } from '../ansible.ts';
import { renderedBothWays, VALUES } from './rendered-both-ways.ts';

describe('a name may be written', () => {
  test.each([
    '{{ inventory_hostname }}',
    '{{ inventory_hostname }}:{{ 80 }} {{ inventory_hostname_short }}',
    '{{ own }} {{ path }} {{ deep.core.dir }} {{ deep["core"]["dir"] }} {{ deep.list[0] }} {{ deep.list | first }}',
    '{{ "a" ~ inventory_hostname ~ 1 ~ none ~ [1] }}',
    '{{ "a" + inventory_hostname + "b" + path }}',
    '{{ ("<" ~ inventory_hostname) | e }}{{ inventory_hostname | escape }}{{ (own | e) | e }}',
    '{{ inventory_hostname | default("x") }}{{ nowhere | default(inventory_hostname) }}{{ nowhere | d(own) }}',
    '{% set x = inventory_hostname %}{{ x }}',
    '{% set x %}<{{ own }}>{% endset %}{{ x }}{{ x | e }}',
    '{% macro p(n, v) %}{{ n }}={{ (v | string | lower if v is boolean else v) | e }};{% endmacro %}{{ p("a", own) }}',
    '{% macro p(n, v=inventory_hostname) %}{{ n }}={{ v }};{% endmacro %}{{ p("a") }}{{ p("b", v=path) | e }}',
    '{% macro p() %}[{{ caller() }}]{% endmacro %}{% call p() %}{{ own }}{% endcall %}',
    '{% for x in [own, "y"] %}{{ loop.index }}{{ x }},{% endfor %}',
    '{% for name, value in deep.core | dictsort %}{{ name }}={{ value }} {% endfor %}',
    '{% for name, value in deep.core.items() %}{{ name }}={{ value }} {% endfor %}',
    '{% for one in deep.core | dict2items %}{{ one.key }}={{ one.value }} {% endfor %}',
    '{% for name, value in {"x": 1} | combine(deep.core) | dictsort %}{{ name }}={{ value }} {% endfor %}',
    '{{ own if true else "x" }}{{ own is defined }}{{ own is undefined }}{{ own is string }}{{ own is boolean }}',
    '{{ own is number }}{{ own is integer }}{{ own is float }}{{ own is mapping }}{{ own is none }}{{ own }}',
    '{% include "i.j2" %}{{ lookup("template", "i.j2") }}{{ lookup("vars", "own") }}',
    '{% from "m.j2" import m %}{{ m(own) }}',
    '{% block b %}{{ own }}{% endblock %}{{ self.b() }}',
    '{{ [own, path] | list | last }}{{ deep.core.keys() | list }}',
    '{% set ns = namespace(a=1) %}{% set ns.a = own %}{{ ns.a }}',
    '{% autoescape true %}<{{ own }}>{% macro p(v) %}<{{ v }}{% endmacro %}{{ p(own) }}{{ p(own) | e }}{% endautoescape %}',
    '{{ nowhere | default("x") ~ own }}{{ false or own }}{{ own == 5 }}{{ own == none }}{{ own != [1] }}',
  ])('%s', (source) => {
    const { plain, filled, asked, isHeld } = renderedBothWays(source);
    expect(isHeld).toBe(true);
    expect(filled).toBe(plain);
    expect(asked).toEqual([]);
  });
});

describe('what is asked of a name alone is told', () => {
  test.each([
    ['{{ inventory_hostname == "db-1.example" }}', [['db-1.example']]],
    ['{{ inventory_hostname != "db-2.example" }}', [['db-2.example']]],
    ['{{ "x" == own }}', [['x']]],
    ['{{ inventory_hostname == groups["db"] | first }}', [['db-1.example']]],
    ['{% if inventory_hostname in groups["db"] %}db{% endif %}', [['db-1.example', 'db-2.example']]],
    ['{{ own not in groups["web"] }}', [['w1']]],
    ['{{ inventory_hostname_short in ("db-1", "x") }}', [['db-1', 'x']]],
    ['{{ asks }}', [['db-1.example']]],
    ['{{ [own] == ["x"] }}', [['x']]],
  ])('%s', (source, texts) => {
    const { plain, filled, asked } = renderedBothWays(source);
    expect(filled).toBe(plain);
    expect(asked.map((read) => read.kind === 'among' && read.texts)).toEqual(texts);
  });
});

test('names that are written as marks are fit in', () => {
  const fit = ['a', 'db-1.example', 'a1.b2-c3', 'n'.repeat(64)];
  const unfit = [
    '',
    'A',
    '1a',
    'a--b',
    'a..b',
    'a-',
    '.a',
    'a_b',
    'a b',
    'é',
    'a\n',
    'n'.repeat(80),
    1,
    null,
  ];
  expect(fit.filter((name) => !fitsHole(name))).toEqual([]);
  expect(unfit.filter(fitsHole)).toEqual([]);
});

test('what was refused stays so, whatever goes on within the work', () => {
  const held = withHoles({ values: VALUES, tell: () => {} }, () => {
    try {
      HoleText.of('inventory_hostname').pyStr();
    } catch {}
    return 'went on';
  });
  expect(held).toBeUndefined();
});
