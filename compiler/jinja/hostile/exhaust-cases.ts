import type { HostileCase } from './hostile-case.ts';

const r = (text: string, times: number) => text.repeat(times);

/** Templates that try to hang or exhaust the compiler. */
export const EXHAUST_CASES: readonly HostileCase[] = [
  {
    name: 'a long loop',
    source: '{% for a in range(1000000000) %}{% endfor %}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'a very long loop',
    source: '{% for a in range(10 ** 18) %}x{% endfor %}',
    ends: { error: 'UnsupportedError' },
  },
  {
    name: 'nested loops',
    source:
      '{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'nested loops over texts',
    source: "{% set s = 'x' * 3000 %}{% for a in s %}{% for b in s %}{% endfor %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a loop with a filter',
    source: '{% for a in range(100000000) if a < 0 %}{% endfor %}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'a loop over a list that it grows',
    source: '{% set l = [1] %}{% for x in l %}{% set _ = l.append(x) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a loop over a dict that it grows',
    source: '{% set d = {1: 1} %}{% for x in d %}{% set _ = d.update({x + 1: 1}) %}{% endfor %}',
    ends: { error: 'RuntimeError' },
  },
  {
    name: 'endless recursion of a macro',
    source: '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'endless recursion of two macros',
    source: '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a macro that doubles',
    source: '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'macros, a billion laughs',
    source:
      '{% macro a() %}{% for i in range(50) %}lol{% endfor %}{% endmacro %}{% macro b() %}{% for i in range(50) %}{{ a() }}{% endfor %}{% endmacro %}{% macro c() %}{% for i in range(50) %}{{ b() }}{% endfor %}{% endmacro %}{% macro d() %}{% for i in range(50) %}{{ c() }}{% endfor %}{% endmacro %}{% for i in range(50) %}{{ d() }}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'endless recursion by call',
    source:
      '{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'endless recursion of a loop',
    source: '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a recursive loop over itself',
    source: '{% set l = [] %}{% set _ = l.append(l) %}{% for x in l recursive %}{{ loop(x) }}{% endfor %}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a template that includes itself',
    source: "{% include 'a' %}",
    templates: { a: "{% include 'a' %}" },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'templates that include each other twice',
    source: "{% include 'a' %}",
    templates: { a: "{% include 'b' %}{% include 'b' %}", b: "{% include 'a' %}{% include 'a' %}" },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'includes, a billion laughs',
    source: "{% for i in range(99) %}{% include 'a' %}{% endfor %}",
    templates: {
      a: "{% for i in range(99) %}{% include 'b' %}{% endfor %}",
      b: "{% for i in range(99) %}{% include 'c' %}{% endfor %}",
      c: '{% for i in range(99) %}lol{% endfor %}',
    },
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a template that extends itself',
    source: "{% extends 'a' %}",
    templates: { a: "{% extends 'a' %}" },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'templates that extend each other',
    source: "{% extends 'a' %}",
    templates: { a: "{% extends 'b' %}", b: "{% extends 'a' %}" },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a template that imports itself',
    source: "{% import 'a' as a %}",
    templates: { a: "{% import 'a' as a %}" },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a template that imports itself with context',
    source: "{% import 'a' as a with context %}",
    templates: { a: "{% import 'a' as a with context %}" },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a block that calls itself',
    source: '{% block b %}{{ self.b() }}{% endblock %}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'blocks that call each other',
    source:
      '{% block a %}{{ self.b() }}{{ self.b() }}{% endblock %}{% block b %}{{ self.a() }}{% endblock %}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'super that calls self',
    source: "{% extends 'a' %}{% block b %}{{ super() }}{% endblock %}",
    templates: { a: '{% block b %}{{ self.b() }}{% endblock %}' },
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'set blocks in a loop',
    source:
      "{% set ns = namespace(x='a') %}{% for i in range(100) %}{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}{% endfor %}",
    ends: { limit: 'maxString' },
  },
  {
    name: '100,000 parentheses',
    source: `{{ ${r('(', 100000)}1${r(')', 100000)} }}`,
    ends: { limit: 'maxNesting' },
  },
  { name: '100,000 open parentheses', source: `{{ ${r('(', 100000)}`, ends: { limit: 'maxNesting' } },
  {
    name: '100,000 lists',
    source: `{{ ${r('[', 100000)}${r(']', 100000)} }}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '100,000 dicts',
    source: `{{ ${r('{1:', 100000)}1${r('}', 100000)} }}`,
    ends: { limit: 'maxNesting' },
  },
  { name: '100,000 minus signs', source: `{{ ${r('-', 100000)}1 }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 times not', source: `{{ ${r('not ', 100000)}1 }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 powers', source: `{{ 1${r('**1', 100000)} }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 sums', source: `{{ 1${r('+1', 100000)} }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 ands', source: `{{ 1${r(' and 1', 100000)} }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 comparisons', source: `{{ 1${r('<2', 100000)} }}`, ends: { limit: 'maxTokens' } },
  { name: '100,000 concatenations', source: `{{ 1${r('~1', 100000)} }}`, ends: { limit: 'maxTokens' } },
  { name: '100,000 filters', source: `{{ 1${r('|abs', 100000)} }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 tests', source: `{{ 1${r(' is odd', 100000)} }}`, ends: { error: 'TemplateSyntaxError' } },
  { name: '100,000 attributes', source: `{{ a${r('.a', 100000)} }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 subscripts', source: `{{ a${r('[0]', 100000)} }}`, ends: { limit: 'maxNesting' } },
  { name: '100,000 calls', source: `{{ a${r('()', 100000)} }}`, ends: { limit: 'maxNesting' } },
  {
    name: '100,000 conditions',
    source: `{{ 1${r(' if 1 else 1', 100000)} }}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '20,000 nested ifs',
    source: `${r('{% if 1 %}', 20000)}${r('{% endif %}', 20000)}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '20,000 nested loops',
    source: `${r('{% for a in b %}', 20000)}${r('{% endfor %}', 20000)}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '20,000 nested withs',
    source: `${r('{% with %}', 20000)}${r('{% endwith %}', 20000)}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '20,000 nested filters',
    source: `${r('{% filter upper %}', 20000)}${r('{% endfilter %}', 20000)}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '5,000 elifs',
    source: `{% if 0 %}${r('{% elif 0 %}', 5000)}{% endif %}|`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '5,000 nested macros',
    source: `${r('{% macro m() %}', 5000)}${r('{% endmacro %}', 5000)}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '5,000 nested blocks',
    source: `${Array.from({ length: 5000 }, (_, i) => `{% block b${i} %}`).join('')}${r('{% endblock %}', 5000)}`,
    ends: { limit: 'maxNesting' },
  },
  {
    name: '50,000 blocks',
    source: `${Array.from({ length: 50000 }, (_, i) => `{% block b${i} %}{% endblock %}`).join('')}|`,
    ends: { limit: 'maxTokens' },
  },
  {
    name: '50,000 variables',
    source: `${Array.from({ length: 50000 }, (_, i) => `{% set v${i} = 1 %}`).join('')}|`,
    ends: { limit: 'maxTokens' },
  },
  { name: '100,000 arguments', source: `{{ range(${r('1,', 100000)}1) }}`, ends: { limit: 'maxTokens' } },
  { name: '100,000 items', source: `{{ [${r('1,', 100000)}1]|length }}`, ends: { limit: 'maxTokens' } },
  {
    name: '100,000 targets',
    source: `{% for ${r('a,', 100000)}a in [] %}{% endfor %}|`,
    ends: { limit: 'maxTokens' },
  },
  { name: 'a text of a megabyte', source: `{{ '${r('x', 1 << 20)}'|length }}`, ends: { output: '1048576' } },
  { name: 'a name of a megabyte', source: `{{ ${r('x', 1 << 20)} }}|`, ends: { output: '|' } },
  {
    name: 'a number of a megabyte',
    source: `{{ ${r('9', 1 << 20)} }}`,
    ends: { error: 'TemplateSyntaxError' },
  },
  { name: 'a megabyte of {{', source: r('{{', 1 << 19), ends: { limit: 'maxNesting' } },
  { name: 'a megabyte of {%', source: r('{%', 1 << 19), ends: { error: 'TemplateSyntaxError' } },
  { name: 'a megabyte of {', source: `${r('{', 1 << 20)}`, ends: { limit: 'maxNesting' } },
  { name: 'a megabyte of {#', source: `${r('{#', 1 << 19)}`, ends: { error: 'TemplateSyntaxError' } },
  { name: 'a megabyte of -', source: `{{ x }}${r('-', 1 << 20)}|`, ends: { characters: 1048577 } },
  {
    name: 'a megabyte of spaces before a tag',
    source: `${r(' ', 1 << 20)}{%- if 1 %}{% endif %}|`,
    ends: { output: '|' },
  },
  {
    name: 'spaces between tags',
    source: `${r(' \n', 1 << 18)}{%- if 1 -%}${r(' \n', 1 << 18)}{%- endif %}|`,
    ends: { output: '|' },
  },
  { name: 'an open comment', source: `{# ${r('x', 1 << 20)}`, ends: { error: 'TemplateSyntaxError' } },
  {
    name: 'an open raw',
    source: `{% raw %}${r('{% endra %}', 100000)}`,
    ends: { error: 'TemplateSyntaxError' },
  },
  { name: 'an open text', source: `{{ '${r("\\'", 500000)}`, ends: { error: 'TemplateSyntaxError' } },
  { name: 'quotes', source: `{{ ${r("'", 300001)} }}`, ends: { limit: 'maxTokens' } },
  { name: 'a template of five megabytes', source: r('x', 5 << 20), ends: { limit: 'maxSource' } },
  {
    name: 'long output',
    source: `{% for i in range(900000) %}${r('x', 1000)}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'long output of a variable',
    source: '{% for i in range(900000) %}{{ s }}{% endfor %}',
    context: { s: r('x', 1000) },
    ends: { limit: 'maxString' },
  },
  {
    name: 'a text that doubles',
    source:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s|length }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'a text that doubles by +',
    source:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'a text that doubles by format',
    source:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = '%s%s' % (ns.s, ns.s) %}{% endfor %}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'a text that doubles by str.format',
    source:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = '{0}{0}'.format(ns.s) %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a text that doubles by replace',
    source:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = ns.s|replace('x', 'xx') %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a text that doubles by join',
    source:
      "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s]|join %}{% endfor %}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'a text that grows by escape',
    source:
      "{% set ns = namespace(s='&') %}{% for i in range(10000) %}{% set ns.s = ns.s|forceescape %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a text that grows by repr',
    source:
      '{% set ns = namespace(s="\'\\\\") %}{% for i in range(10000) %}{% set ns.s = [ns.s]|string %}{% endfor %}',
    ends: { limit: 'maxString' },
  },
  {
    name: 'a text that grows by tojson',
    source:
      "{% set ns = namespace(s='<') %}{% for i in range(10000) %}{% set ns.s = ns.s|tojson|string %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a text that grows by urlencode',
    source:
      "{% set ns = namespace(s='%') %}{% for i in range(100000) %}{% set ns.s = ns.s|urlencode %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  { name: 'text multiplication', source: "{{ 'x' * 10000000000 }}", ends: { limit: 'maxString' } },
  { name: 'text multiplication, reversed', source: "{{ (10 ** 18) * 'x' }}", ends: { limit: 'maxString' } },
  {
    name: 'text multiplication, twice',
    source: "{{ ('x' * 1000000) * 1000000 }}",
    ends: { limit: 'maxString' },
  },
  { name: 'list multiplication', source: '{{ ([0] * 1000000000)|length }}', ends: { limit: 'maxItems' } },
  { name: 'tuple multiplication', source: '{{ ((0, 1) * 1000000000)|length }}', ends: { limit: 'maxItems' } },
  {
    name: 'a list that doubles',
    source: '{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a list that doubles by +',
    source: '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'nested lists that double',
    source:
      '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'nested lists that double, compared',
    source:
      '{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'nested lists that double, as json',
    source:
      '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'nested lists that double, printed',
    source:
      '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|pprint }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'nested tuples that double, as key',
    source:
      '{% set ns = namespace(l=(1,)) %}{% for i in range(60) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1}|length }}',
    ends: { limit: 'maxAllocation' },
  },
  {
    name: 'a deep list',
    source:
      '{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a deep list, compared',
    source:
      '{% set ns = namespace(l=[], m=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a deep list, as json',
    source:
      '{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a deep list, printed',
    source:
      '{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|pprint }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a list in itself',
    source: '{% set l = [1] %}{% set _ = l.append(l) %}{{ l }}',
    ends: { output: '[1, [...]]' },
  },
  {
    name: 'a list in itself, as json',
    source: '{% set l = [1] %}{% set _ = l.append(l) %}{{ l|tojson }}',
    ends: { error: 'ValueError' },
  },
  {
    name: 'a list in itself, compared',
    source:
      '{% set l = [1] %}{% set _ = l.append(l) %}{% set m = [1] %}{% set _ = m.append(m) %}{{ l == m }}',
    ends: { limit: 'maxDepth' },
  },
  {
    name: 'a list in itself, joined',
    source: '{% set l = [1] %}{% set _ = l.append(l) %}{{ l|join }}',
    ends: { output: '1[1, [...]]' },
  },
  {
    name: 'a dict in itself',
    source: '{% set d = {} %}{% set _ = d.update(a=d) %}{{ d }}',
    ends: { output: "{'a': {...}}" },
  },
  {
    name: 'a dict in itself, sorted',
    source: '{% set d = {} %}{% set _ = d.update(a=d) %}{{ d|dictsort }}',
    ends: { output: "[('a', {'a': {...}})]" },
  },
  {
    name: 'a namespace in itself',
    source: '{% set ns = namespace() %}{% set ns.a = ns %}{{ ns.a.a.a is defined }}',
    ends: { output: 'True' },
  },
  { name: 'padding by %', source: "{{ '%1000000000d' % 1 }}", ends: { limit: 'maxString' } },
  { name: 'precision by %', source: "{{ '%.1000000000f' % 1.5 }}", ends: { limit: 'maxString' } },
  { name: 'padding by %*', source: "{{ '%*d' % (10 ** 10, 1) }}", ends: { limit: 'maxString' } },
  { name: 'padding by format', source: "{{ '%1000000000s'|format('x') }}", ends: { limit: 'maxString' } },
  { name: 'padding by str.format', source: "{{ '{:1000000000}'.format(1) }}", ends: { limit: 'maxString' } },
  {
    name: 'padding by nested str.format',
    source: "{{ '{:>{}}'.format('x', 10 ** 10) }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'precision by str.format',
    source: "{{ '{:.1000000000f}'.format(1.5) }}",
    ends: { limit: 'maxString' },
  },
  { name: 'digits of width', source: `{{ '{:${r('9', 100000)}}'.format(1) }}`, ends: { limit: 'maxString' } },
  { name: 'center', source: "{{ 'x'|center(10000000000) }}", ends: { limit: 'maxString' } },
  { name: 'indent', source: "{{ 'x\\ny'|indent(10000000000) }}", ends: { limit: 'maxString' } },
  {
    name: 'indent of many lines',
    source: "{{ ('\\nx' * 100000)|indent(100000) }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'indent by a long text',
    source: "{{ ('\\nx' * 10000)|indent('y' * 10000) }}",
    ends: { limit: 'maxString' },
  },
  { name: 'ljust', source: "{{ 'x'.ljust(10000000000) }}", ends: { limit: 'maxString' } },
  { name: 'zfill', source: "{{ 'x'.zfill(10000000000) }}", ends: { limit: 'maxString' } },
  { name: 'expandtabs', source: "{{ '\\t'.expandtabs(10000000000) }}", ends: { limit: 'maxString' } },
  {
    name: 'expandtabs of many',
    source: "{{ ('\\t' * 100000).expandtabs(100000) }}",
    ends: { limit: 'maxAllocation' },
  },
  {
    name: 'join by a long text',
    source: "{{ range(100000)|join('x' * 100000) }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'str.join by a long text',
    source: "{{ ('x' * 100000).join(['a'] * 100000) }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'replace of nothing',
    source: "{{ ('x' * 100000)|replace('', 'y' * 100000) }}",
    ends: { limit: 'maxString' },
  },
  { name: 'wordwrap', source: "{{ ('x' * 1000000)|wordwrap(1)|length }}", ends: { limit: 'maxSteps' } },
  {
    name: 'wordwrap by a long text',
    source: "{{ ('x ' * 100000)|wordwrap(1, wrapstring='y' * 100000) }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'wordwrap of hyphens',
    source: "{{ ('x-' * 300000)|wordwrap(10)|length }}",
    ends: { output: '659999' },
  },
  {
    name: 'translate',
    source: "{{ ('x' * 100000).translate({120: 'y' * 100000}) }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'filter blocks',
    source: '{% filter center(10 ** 10) %}x{% endfilter %}',
    ends: { limit: 'maxString' },
  },
  {
    name: 'filters in filters',
    source:
      "{% filter indent(3000) %}{% filter indent(3000) %}{% filter replace('x', 'x\\n' * 3000) %}{{ 'x' * 3000 }}{% endfilter %}{% endfilter %}{% endfilter %}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'a power',
    source: '{{ 10 ** 10 ** 10 }}',
    ends: {
      output:
        '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
    },
  },
  { name: 'a tower of powers', source: '{{ 9 ** 9 ** 9 ** 9 }}', ends: { characters: 696 } },
  {
    name: 'powers in a loop',
    source: '{% set ns = namespace(n=2) %}{% for i in range(100) %}{% set ns.n = ns.n * ns.n %}{% endfor %}',
    ends: { limit: 'maxBits' },
  },
  {
    name: 'products of large numbers',
    source: '{% set n = 2 ** 60000 %}{% for i in range(100000) %}{% set m = n * n %}{% endfor %}',
    ends: { limit: 'maxBits' },
  },
  {
    name: 'a power that is never printed',
    source: '{% set x = 2 ** 100000000 %}',
    ends: { limit: 'maxBits' },
  },
  { name: 'a power modulo', source: '{{ (7 ** 1000000000) % 10 }}', ends: { limit: 'maxBits' } },
  { name: 'a large number printed', source: '{{ 10 ** 5000 }}', ends: { error: 'ValueError' } },
  { name: 'a power of floats', source: '{{ 10.0 ** 1000 }}', ends: { error: 'OverflowError' } },
  { name: 'digits read', source: "{{ ('9' * 1000000)|int }}", ends: { output: '0' } },
  { name: 'hex digits read', source: "{{ ('f' * 1000000)|int(base=16) }}", ends: { limit: 'maxBits' } },
  { name: 'a float read', source: "{{ ('9' * 1000000)|float }}", ends: { output: 'inf' } },
  { name: 'an exponent read', source: "{{ '1e999999999'|float }}", ends: { output: 'inf' } },
  { name: 'round', source: '{{ 1.5|round(1000000000) }}', ends: { output: '1.5' } },
  { name: 'round of an int', source: '{{ 12345|round(-1000000000) }}', ends: { output: '0' } },
  {
    name: 'urlize of open brackets',
    source: "{{ ('(' * 300000)|urlize|length }}",
    ends: { output: '300000' },
  },
  { name: 'urlize of www', source: "{{ ('www.' * 100000)|urlize|length }}", ends: { limit: 'maxSteps' } },
  {
    name: 'urlize of brackets around',
    source: "{{ ('(' * 100000 ~ 'http://x.y' ~ ')' * 100000)|urlize|length }}",
    ends: { limit: 'maxSteps' },
  },
  { name: 'urlize of at signs', source: "{{ ('a@' * 100000)|urlize|length }}", ends: { limit: 'maxSteps' } },
  {
    name: 'urlize of dots',
    source: "{{ ('http://a.b' ~ '.' * 200000)|urlize|length }}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'urlize of words',
    source: "{{ ('http://a.b ' * 100000)|urlize|length }}",
    ends: { output: '1100000' },
  },
  { name: 'striptags of <', source: "{{ ('<' * 300000)|striptags|length }}", ends: { output: '300000' } },
  {
    name: 'striptags of <!--',
    source: "{{ ('<!--' * 100000)|striptags|length }}",
    ends: { output: '400000' },
  },
  {
    name: 'striptags of spaces',
    source: "{{ (' ' * 500000 ~ 'x')|striptags|length }}",
    ends: { output: '1' },
  },
  { name: 'unescape', source: "{{ ('&amp;' * 200000)|striptags|length }}", ends: { output: '200000' } },
  {
    name: 'trim of spaces',
    source: "{{ (' ' * 500000 ~ 'x' ~ ' ' * 500000)|trim|length }}",
    ends: { output: '1' },
  },
  { name: 'title', source: '{{ ("a\'b-" * 200000)|title|length }}', ends: { output: '800000' } },
  { name: 'wordcount', source: "{{ ('x ' * 500000)|wordcount }}", ends: { output: '500000' } },
  { name: 'truncate', source: "{{ ('x' * 1000000)|truncate(900000)|length }}", ends: { output: '900000' } },
  { name: 'xmlattr', source: "{{ {'a' * 1000000: 1}|xmlattr|length }}", ends: { output: '1000005' } },
  { name: 'splitting', source: "{{ ('x,' * 2000000).split(',')|length }}", ends: { limit: 'maxItems' } },
  { name: 'list of a text', source: "{{ ('x' * 5000000)|list|length }}", ends: { limit: 'maxSteps' } },
  { name: 'batch with fill', source: "{{ [1]|batch(1000000000, 'x')|list }}", ends: { limit: 'maxItems' } },
  { name: 'slice', source: '{{ [1]|slice(1000000000)|list }}', ends: { limit: 'maxSteps' } },
  {
    name: 'batches of one',
    source: '{{ range(5000000)|batch(1)|list|length }}',
    ends: { limit: 'maxItems' },
  },
  { name: 'a long range', source: '{{ range(10 ** 18)|list }}', ends: { error: 'UnsupportedError' } },
  { name: 'the length of a long range', source: '{{ range(10 ** 15)|length }}', ends: { limit: 'maxItems' } },
  { name: 'the sum of a long range', source: '{{ range(10 ** 10)|sum }}', ends: { limit: 'maxItems' } },
  { name: 'the last of a long range', source: '{{ range(10 ** 15)|last }}', ends: { limit: 'maxItems' } },
  {
    name: 'a member of a long range',
    source: '{{ 10 ** 15 - 1 in range(10 ** 15) }}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'a member of another type of a long range',
    source: "{{ 'x' in range(10 ** 15) }}",
    ends: { limit: 'maxItems' },
  },
  { name: 'the maximum of a long range', source: '{{ range(10 ** 10)|max }}', ends: { limit: 'maxItems' } },
  { name: 'joining a long range', source: '{{ range(10 ** 10)|join }}', ends: { limit: 'maxItems' } },
  { name: 'sorting a long range', source: '{{ range(10 ** 10)|sort }}', ends: { limit: 'maxItems' } },
  { name: 'calling with a long range', source: '{{ dict(*range(10 ** 10)) }}', ends: { limit: 'maxItems' } },
  {
    name: 'mapping a long range',
    source: "{{ range(10 ** 10)|map('string')|select('none')|list }}",
    ends: { limit: 'maxItems' },
  },
  { name: 'lipsum', source: '{{ lipsum(1000000000) }}', ends: { error: 'UnsupportedError' } },
  {
    name: 'sorting a long list',
    source: '{{ (range(900000)|list|reverse|list|sort)[0] }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'sorting long lists, many times',
    source:
      '{% set l = range(10000)|list %}{% for i in range(10000) %}{% set m = l|sort(reverse=true) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'unique lists',
    source: '{{ range(900000)|map("string")|unique|list|length }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a search in a list, many times',
    source: '{% set l = range(10000)|list %}{% for a in l %}{% if -1 in l %}{% endif %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a search in a text, many times',
    source:
      "{% set s = 'x' * 1000000 %}{% for a in range(1000000) %}{% if 'y' in s %}{% endif %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a count in a text, many times',
    source: "{% set s = 'x' * 1000000 %}{% for a in range(1000000) %}{% set n = s.count('xy') %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a slow search in a text',
    source:
      "{% set s = 'x' * 1000000 %}{% for a in range(1000) %}{% set n = s.find('x' * 10000 ~ 'y') %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'upper, many times',
    source: "{% set s = 'x' * 1000000 %}{% for a in range(1000000) %}{% set t = s|upper %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'comparing long texts, many times',
    source:
      "{% set s = 'x' * 1000000 %}{% set t = 'x' * 1000000 %}{% for a in range(1000000) %}{% if s < t %}{% endif %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'equality of long texts, many times',
    source:
      "{% set s = 'x' * 1000000 %}{% set t = ('x' * 999999) ~ 'x' %}{% for a in range(1000000) %}{% if s == t %}{% endif %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'slices of a long text, many times',
    source: "{% set s = 'x' * 1000000 %}{% for a in range(1000000) %}{% set t = s[::-1] %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'copies of a list, many times',
    source: '{% set l = range(100000)|list %}{% for a in range(1000000) %}{% set m = l.copy() %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'inserts at the start',
    source:
      '{% set l = range(500000)|list %}{% for a in range(1000000) %}{% set _ = l.insert(0, 1) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'removals at the start',
    source:
      '{% set l = range(500000)|list %}{% for a in range(499999) %}{% set _ = l.pop(0) %}{% endfor %}{{ l }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'the length of a long text, many times',
    source: "{% set s = 'é' * 1000000 %}{% for a in range(1000000) %}{% set n = s|length %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a sum of lists',
    source: '{{ ([[1] * 1000] * 1000)|sum(start=[])|length }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a sum of texts',
    source: "{{ (['x' * 1000] * 1000)|sum(start='') }}",
    ends: { error: 'TypeError' },
  },
  {
    name: 'groups',
    source: "{{ range(500000)|map('string')|groupby('x')|length }}",
    ends: { limit: 'maxSteps' },
  },
  { name: 'tojson with indent', source: '{{ [1]|tojson(10000000000) }}', ends: { limit: 'maxString' } },
  {
    name: 'tojson of a long list',
    source: '{{ range(900000)|list|tojson|length }}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'pprint of a long list',
    source: '{{ range(300000)|list|pprint|length }}',
    ends: { output: '2588889' },
  },
  {
    name: 'namespaces in a loop',
    source: '{% for i in range(10000000) %}{% set ns = namespace(a=i) %}{% endfor %}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'cyclers',
    source: '{% set c = cycler(1, 2) %}{% for i in range(10000000) %}{% set x = c.next() %}{% endfor %}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'capture of groups in line statements',
    source: r('# if 1\n', 20000),
    options: { lineStatementPrefix: '#' },
    ends: { limit: 'maxNesting' },
  },
  {
    name: 'line comments',
    source: `${r('x ##', 200000)}|`,
    options: { lineStatementPrefix: '#', lineCommentPrefix: '##' },
    ends: { output: 'x' },
  },
  {
    name: 'spaces before line statements',
    source: `${r(`${r(' ', 1000)}\n`, 1000)}|`,
    options: { lineStatementPrefix: '#', lineCommentPrefix: '##', lstripBlocks: true },
    ends: { characters: 1001001 },
  },
  { name: 'four megabytes of outputs', source: r('{{x}}', 800000), ends: { limit: 'maxTokens' } },
  { name: 'four megabytes of outputs in text', source: r('a{{x}}\n', 570000), ends: { limit: 'maxTokens' } },
  {
    name: 'four megabytes of conditions',
    source: r('{%if x%}{%endif%}', 240000),
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of loops',
    source: r('{%for x in y%}{%endfor%}', 170000),
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of nested loops',
    source: r(`${r('{%for a in b%}', 100)}${r('{%endfor%}', 100)}`, 1600),
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of macros',
    source: r('{%macro m()%}{%endmacro%}', 160000),
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of assignments',
    source: Array.from({ length: 200000 }, (_, i) => `{%set v${i}=1%}`).join(''),
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of imports',
    source: r("{%from '' import a%}", 200000),
    ends: { limit: 'maxTokens' },
  },
  { name: 'four megabytes of items', source: `{{[${r('x,', 2000000)}]}}`, ends: { limit: 'maxTokens' } },
  {
    name: 'four megabytes of entries',
    source: `{{ {${r('1:1,', 1000000)}} }}`,
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of keywords',
    source: `{{f(${Array.from({ length: 400000 }, (_, i) => `a${i}=1`).join()})}}`,
    ends: { limit: 'maxTokens' },
  },
  {
    name: 'four megabytes of parameters',
    source: `{%macro m(${Array.from({ length: 400000 }, (_, i) => `a${i}`).join()})%}{%endmacro%}`,
    ends: { limit: 'maxTokens' },
  },
  {
    name: '10,000 keywords',
    source: `{{dict(${Array.from({ length: 10000 }, (_, i) => `a${i}=1`).join()})|length}}`,
    ends: { output: '10000' },
  },
  { name: 'four megabytes of comments', source: `${r('{##}', 1000000)}|`, ends: { output: '|' } },
  { name: 'four megabytes of raw', source: `${r('{%raw%}{%endraw%}', 240000)}|`, ends: { output: '|' } },
  {
    name: 'four megabytes of lines',
    source: `${r('\n', 4000000)}{{ nope.x }}`,
    ends: { error: 'UndefinedError' },
  },
  { name: '20,000 comparisons', source: `{{ 1${r('<2', 20000)} }}`, ends: { output: 'False' } },
  { name: '20,000 concatenations', source: `{{ 1${r('~1', 20000)} }}`, ends: { characters: 20001 } },
  {
    name: '20,000 targets',
    source: `{% for ${r('a,', 20000)}a in [] %}{% endfor %}|`,
    ends: { output: '|' },
  },
  {
    name: 'keys alike in their lowest 64 bits',
    source:
      '{% set d = {} %}{% for i in range(50000) %}{% set _ = d.setdefault((i + 1) * 2 ** 64) %}{% endfor %}{{ d|length }}',
    ends: { output: '50000' },
  },
  {
    name: 'a large int in a tuple as a key, many times',
    source: '{% set b = 2 ** 60000 %}{% for i in range(1000000) %}{% set x = {(b, i): 1} %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'divisions of large ints',
    source:
      '{% set a = 3 ** 40000 %}{% set b = 3 ** 20000 %}{% for i in range(1000000) %}{% set x = a // b + a % b %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'true divisions of large ints',
    source:
      '{% set a = 3 ** 40000 %}{% set b = 3 ** 39999 %}{% for i in range(1000000) %}{% set x = a / b %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'digits of base 36, many times',
    source: "{% set s = 'z' * 4000 %}{% for i in range(1000000) %}{% set x = s|int(base=36) %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a large int as text, many times',
    source: '{% set b = 3 ** 9000 %}{% for i in range(1000000) %}{% set x = b ~ "" %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'bits of a large int, many times',
    source: '{% set b = 3 ** 40000 %}{% for i in range(1000000) %}{% set x = b.bit_count() %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'groups of digits',
    source: "{% for i in range(1000) %}{% set x = '{:08000000,}'.format(i) %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a character of a long text beyond the basic plane, many times',
    source: "{% set s = '😀' * 1000000 %}{% for i in range(1000000) %}{% set x = s[i] %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'equal long texts, many times',
    source:
      "{% set a = 'x' * 8000000 %}{% set b = 'x' * 8000000 %}{% for i in range(1000000) %}{% if a == b %}{% endif %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a long text as JSON, many times',
    source: "{% set s = '😀' * 500000 %}{% for i in range(1000) %}{% set x = s|tojson %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a Markup read as a number, many times',
    source: "{% set s = ('<' * 1000000)|safe %}{% for i in range(1000000) %}{% set x = s|int %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'mail addresses in a long text, many times',
    source: "{% set s = 'a@b.cd ' * 100000 %}{% for i in range(1000) %}{% set x = s|urlize %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
];
