// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what hostile templates hold
import type { HostileCase } from './hostile-case.ts';

/** Templates that try to reach JavaScript, or Python, behind the values. */
export const REACH_CASES: readonly HostileCase[] = [
  { name: 'constructor of a text', source: "{{ ''.constructor }}|", ends: { output: '|' } },
  {
    name: 'Function by constructors',
    source: "{{ ''.constructor.constructor('return process')() }}",
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'constructor of a function',
    source: "{{ range.constructor('return process')() }}",
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'constructor of a class',
    source: '{{ cycler.constructor }}{{ joiner.constructor }}{{ namespace.constructor }}|',
    ends: { output: '|' },
  },
  {
    name: 'constructor by subscript',
    source: "{{ ''['constructor'] }}{{ []['constructor'] }}{{ {}['constructor'] }}{{ 1['constructor'] }}|",
    ends: { output: '|' },
  },
  {
    name: 'constructor of loop',
    source: "{% for x in [1] %}{{ loop.constructor }}{{ loop['__proto__'] }}{% endfor %}|",
    ends: { output: '|' },
  },
  {
    name: 'constructor of a macro',
    source:
      '{% macro m() %}{% endmacro %}{{ m.constructor }}{{ m.prototype }}{{ m.apply }}{{ m.call }}{{ m.bind }}|',
    ends: { output: '|' },
  },
  {
    name: 'constructor of self',
    source: '{% block b %}{% endblock %}{{ self.constructor }}|',
    ends: { output: '|' },
  },
  {
    name: 'constructor of a module',
    source: "{% import 'm' as m %}{{ m.constructor }}{{ m.toString }}{{ m.then }}|",
    templates: { m: '' },
    ends: { output: '|' },
  },
  {
    name: 'constructor by attr',
    source: "{{ 'x'|attr('constructor') }}{{ []|attr('push') }}{{ {}|attr('__proto__') }}|",
    ends: { output: '|' },
  },
  {
    name: 'constructor by map',
    source: "{{ ['a', [], {}, 1]|map(attribute='constructor')|list }}",
    ends: { output: '[Undefined, Undefined, Undefined, Undefined]' },
  },
  {
    name: 'constructor.name by map',
    source: "{{ ['a']|map(attribute='constructor.name')|list }}",
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'prototype by selectattr',
    source: "{{ [{}, []]|selectattr('__proto__')|list }}",
    ends: { output: '[]' },
  },
  {
    name: 'prototype by rejectattr',
    source: "{{ [{'a': 1}]|rejectattr('hasOwnProperty')|list }}",
    ends: { output: "[{'a': 1}]" },
  },
  {
    name: 'prototype by groupby',
    source: "{{ [{}]|groupby('__proto__')|list }}",
    ends: { output: '[(Undefined, [{}])]' },
  },
  {
    name: 'prototype by sort',
    source: "{{ [{}, {}]|sort(attribute='constructor')|list }}",
    ends: { output: '[{}, {}]' },
  },
  {
    name: 'prototype by sum',
    source: "{{ [{}]|sum(attribute='__proto__') }}",
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'prototype by unique',
    source: "{{ [{}, {}]|unique(attribute='constructor')|list }}",
    ends: { output: '[{}]' },
  },
  {
    name: 'prototype by join',
    source: "{{ [{}, {}]|join('-', attribute='constructor') }}",
    ends: { output: '-' },
  },
  { name: 'prototype by max', source: "{{ [{}]|max(attribute='toString') }}", ends: { output: '{}' } },
  {
    name: 'constructor by str.format',
    source: "{{ '{0.constructor}'.format('x') }}",
    ends: { error: 'AttributeError' },
  },
  {
    name: 'item of a prototype by str.format',
    source: "{{ '{0[constructor]}'.format({}) }}",
    ends: { error: 'KeyError' },
  },
  {
    name: '__class__ by str.format',
    source: "{{ '{0.__class__.__init__}'.format(1) }}",
    ends: { error: 'SecurityError' },
  },
  {
    name: '__class__ by str.format_map',
    source: "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    ends: { error: 'SecurityError' },
  },
  { name: 'constructor by %', source: "{{ '%(constructor)s' % {} }}", ends: { error: 'KeyError' } },
  { name: 'prototype by %', source: "{{ '%(__proto__)s' % {'a': 1} }}", ends: { error: 'KeyError' } },
  { name: 'mro', source: "{{ ''.__class__.__mro__[1].__subclasses__() }}", ends: { error: 'SecurityError' } },
  {
    name: 'globals of a macro',
    source: '{% macro m() %}{% endmacro %}{{ m.__globals__ }}{{ m._func }}{{ m._environment }}|',
    ends: { error: 'SecurityError' },
  },
  {
    name: 'globals of Python functions',
    source: "{{ lipsum.__globals__['os'].popen('id').read() }}",
    ends: { error: 'SecurityError' },
  },
  {
    name: 'globals by cycler',
    source: '{{ cycler.__init__.__globals__.os }}',
    ends: { error: 'SecurityError' },
  },
  {
    name: 'JavaScript globals',
    source:
      '{{ process }}{{ globalThis }}{{ global }}{{ window }}{{ this }}{{ arguments }}{{ module }}{{ exports }}|',
    ends: { output: '|' },
  },
  { name: 'require', source: "{{ require('fs') }}", ends: { error: 'UndefinedError' } },
  { name: 'Function', source: "{{ Function('return process')() }}", ends: { error: 'UndefinedError' } },
  { name: 'eval', source: "{{ eval('process') }}", ends: { error: 'UndefinedError' } },
  { name: 'import()', source: "{{ import('fs') }}", ends: { error: 'UndefinedError' } },
  {
    name: 'names of generated code',
    source: '{{ context }}{{ runtime }}{{ environment }}{{ state }}{{ out }}{{ c }}{{ r }}{{ $ }}|',
    ends: { error: 'TemplateSyntaxError' },
  },
  {
    name: 'variables named as in JavaScript',
    source:
      '{% set constructor = 1 %}{% set __proto__ = 2 %}{% set toString = 3 %}{% set arguments = 4 %}{% set eval = 5 %}{{ constructor }}{{ __proto__ }}{{ toString }}{{ arguments }}{{ eval }}',
    ends: { output: '12345' },
  },
  {
    name: 'JavaScript words as variables',
    source:
      '{% set var = 1 %}{% set new = 2 %}{% set class = 3 %}{% set function = 4 %}{% set this = 5 %}{% set await = 6 %}{% set yield = 7 %}{% set let = 8 %}{% set null = 9 %}{{ var }}{{ new }}{{ class }}{{ function }}{{ this }}{{ await }}{{ yield }}{{ let }}{{ null }}',
    ends: { output: '123456789' },
  },
  {
    name: 'JavaScript words as parameters',
    source:
      '{% macro m(this, new, class, arguments, eval, constructor=1, __proto__=2) %}{{ this }}{{ new }}{{ class }}{{ arguments }}{{ eval }}{{ constructor }}{{ __proto__ }}{% endmacro %}{{ m(1, 2, 3, arguments=4, eval=5, __proto__=7) }}',
    ends: { output: '1234517' },
  },
  {
    name: 'JavaScript words as loop variables',
    source:
      '{% for constructor, __proto__ in [(1, 2)] %}{{ constructor }}{{ __proto__ }}{% endfor %}{{ constructor }}{{ __proto__ }}|',
    ends: { output: '12|' },
  },
  {
    name: 'blocks named as in JavaScript',
    source:
      '{% block constructor %}1{% endblock %}{% block __proto__ %}2{% endblock %}{% block toString %}3{% endblock %}{{ self.__proto__() }}{{ self.valueOf }}',
    ends: { output: '1232' },
  },
  {
    name: 'macros named as in JavaScript',
    source:
      '{% macro constructor() %}1{% endmacro %}{% macro hasOwnProperty() %}2{% endmacro %}{{ constructor() }}{{ hasOwnProperty() }}',
    ends: { output: '12' },
  },
  {
    name: 'module members named as in JavaScript',
    source: "{% from 'm' import __proto__, constructor as c %}{{ c() }}",
    templates: { m: '{% macro constructor() %}x{% endmacro %}' },
    ends: { error: 'TemplateAssertionError' },
  },
  {
    name: 'a filter of JavaScript',
    source: '{{ 1|constructor }}',
    ends: { error: 'TemplateAssertionError' },
  },
  {
    name: 'a filter named __proto__',
    source: '{{ 1|__proto__ }}',
    ends: { error: 'TemplateAssertionError' },
  },
  { name: 'a test of JavaScript', source: '{{ 1 is toString }}', ends: { error: 'TemplateAssertionError' } },
  {
    name: 'a filter of JavaScript by map',
    source: "{{ [1]|map('constructor')|list }}",
    ends: { error: 'TemplateRuntimeError' },
  },
  {
    name: 'a test of JavaScript by select',
    source: "{{ [1]|select('__proto__')|list }}",
    ends: { error: 'TemplateRuntimeError' },
  },
  {
    name: 'methods of JavaScript arrays',
    source: "{{ [3].push }}{{ [3].length }}{{ [3].concat }}{{ [3].at }}{{ [3]['length'] }}|",
    ends: { output: '|' },
  },
  { name: 'a method of JavaScript arrays', source: '{{ [3].push(4) }}', ends: { error: 'UndefinedError' } },
  {
    name: 'methods of JavaScript texts',
    source: "{{ 'x'.length }}{{ 'x'.charCodeAt }}{{ 'x'.trim }}{{ 'x'.valueOf }}|",
    ends: { output: '|' },
  },
  { name: 'valueOf', source: '{{ {}.valueOf() }}', ends: { error: 'UndefinedError' } },
  { name: 'hasOwnProperty', source: "{{ {'a': 1}.hasOwnProperty('a') }}", ends: { error: 'UndefinedError' } },
  {
    name: 'symbols as texts',
    source: "{{ []['Symbol(Symbol.iterator)'] }}{{ []['@@iterator'] }}{{ {}['@@toPrimitive'] }}|",
    ends: { output: '|' },
  },
  {
    name: 'pollution by namespace',
    source:
      "{% set ns = namespace() %}{% set ns.__proto__ = {'polluted': 1} %}{% set ns.constructor = 2 %}{{ {}.polluted }}{{ ns.polluted }}{{ ns.constructor }}|",
    ends: { output: '2|' },
  },
  {
    name: 'pollution by a literal',
    source: "{% set d = {'__proto__': {'polluted': 1}} %}{{ d.polluted }}{{ {}.polluted }}{{ d }}",
    ends: { output: "{'__proto__': {'polluted': 1}}" },
  },
  {
    name: 'pollution by dict()',
    source: "{{ dict(__proto__=1, constructor=2) }}{{ dict(**{'__proto__': {'x': 1}}).x }}",
    ends: { output: "{'__proto__': 1, 'constructor': 2}" },
  },
  {
    name: 'pollution by update',
    source:
      "{% set d = {} %}{% set _ = d.update({'__proto__': {'x': 1}}) %}{% set _ = d.setdefault('constructor', 1) %}{{ d }}{{ d.x }}{{ {}.x }}",
    ends: { output: "{'__proto__': {'x': 1}, 'constructor': 1}" },
  },
  {
    name: 'pollution by the context',
    source: "{{ d }}{{ d.x }}{{ {}.x }}{{ d['__proto__'] }}",
    context: JSON.parse('{"d": {"__proto__": {"x": 1}, "constructor": 2}}'),
    ends: { output: "{'__proto__': {'x': 1}, 'constructor': 2}{'x': 1}" },
  },
  {
    name: 'pollution by keywords',
    source:
      "{% macro m() %}{{ kwargs }}{{ kwargs.x }}{% endmacro %}{{ m(__proto__={'x': 1}, constructor=1) }}",
    ends: { output: "{'__proto__': {'x': 1}, 'constructor': 1}" },
  },
  {
    name: '__proto__ in tojson',
    source: "{{ {'__proto__': {'a': 1}, 'constructor': 2}|tojson }}",
    ends: { output: '{"__proto__": {"a": 1}, "constructor": 2}' },
  },
  {
    name: '__proto__ in pprint, xmlattr, urlencode, dictsort',
    source:
      "{{ {'__proto__': 1}|pprint }}{{ {'__proto__': 1}|xmlattr }}{{ {'__proto__': 1}|urlencode }}{{ {'__proto__': 1}|dictsort }}{{ {'__proto__': 1}|items|list }}",
    ends: { output: "{'__proto__': 1} __proto__=\"1\"__proto__=1[('__proto__', 1)][('__proto__', 1)]" },
  },
  {
    name: 'toJSON',
    source: "{{ {'toJSON': 1, 'then': 2}|tojson }}",
    ends: { output: '{"then": 2, "toJSON": 1}' },
  },
  {
    name: 'texts that leave a string of code',
    source:
      "{{ \"';process.exit(1)//\" }}{{ '\";process.exit(1)//' }}{{ '`${process.exit(1)}`' }}{{ '\\u2028\\u2029' }}",
    ends: { output: '\';process.exit(1)//";process.exit(1)//`${process.exit(1)}`  ' },
  },
  {
    name: 'source that leaves a string of code',
    source: '\';process.exit(1)// "; `${process.exit(1)}` \\ \\u0027 \u2028 \u2029 */ <!-- --> </script> \\',
    ends: { output: '\';process.exit(1)// "; `${process.exit(1)}` \\ \\u0027     */ <!-- --> </script> \\' },
  },
  {
    name: 'keys that leave a string of code',
    source:
      "{{ {\"'\": 1, '\"': 2, '\\n': 3, '\\\\': 4, '`${1}`': 5, '\\u2028': 6}['`${1}`'] }}{{ x['\\'];process.exit(1)//'] }}|",
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'attributes that need escapes',
    source: "{{ x|attr('a\\'b') }}{{ x|attr('\\n') }}{{ x|attr('\\u2028') }}|",
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'names of templates that leave a string of code',
    source: '{% include "a\'\\"`${1}\\n\u2028*/" %}',
    templates: { 'a\'"`${1}\n\u2028*/': '{{ 1 }}' },
    ends: { output: '1' },
  },
  {
    name: 'an error in a template with such a name',
    source: '{% include "a\'\\"`${1}\\n\u2028*/" %}',
    templates: { 'a\'"`${1}\n\u2028*/': '\n{{ nope.x }}' },
    ends: { error: 'UndefinedError' },
  },
  {
    name: 'names of other scripts',
    source: '{% set ª = 1 %}{% set ℵ = 2 %}{% set 变量 = 3 %}{{ ª }}{{ ℵ }}{{ 变量 }}',
    ends: { output: '123' },
  },
  { name: 'names with escapes', source: '{{ \\u0061 }}', ends: { error: 'TemplateSyntaxError' } },
  {
    name: 'names with joiners',
    source: '{% set a\u200db = 1 %}{{ a\u200db }}',
    ends: { error: 'TemplateSyntaxError' },
  },
  {
    name: 'include outside',
    source: "{% include '../../../etc/passwd' %}",
    ends: { error: 'TemplateNotFound' },
  },
  { name: 'include of __proto__', source: "{% include '__proto__' %}", ends: { error: 'TemplateNotFound' } },
  {
    name: 'include of constructor',
    source: "{% include ['toString', 'constructor'] ignore missing %}|",
    ends: { output: '|' },
  },
  {
    name: 'import of __proto__',
    source: "{% import '__proto__' as x %}",
    ends: { error: 'TemplateNotFound' },
  },
  {
    name: 'extends of constructor',
    source: "{% extends 'constructor' %}",
    ends: { error: 'TemplateNotFound' },
  },
  {
    name: 'getters by slices',
    source: "{% set s = 'abc' %}{{ s['length':'constructor'] }}",
    ends: { error: 'TypeError' },
  },
  { name: 'calls of what is no function', source: "{{ 'x'() }}", ends: { error: 'TypeError' } },
  { name: 'calls of a dict', source: "{{ {'call': 1}() }}", ends: { error: 'TypeError' } },
  {
    name: 'methods as values',
    source: "{{ 'x'.upper.constructor }}{{ 'x'.upper.call }}{{ [].append.apply }}|",
    ends: { output: '|' },
  },
  {
    name: 'caller',
    source:
      '{% macro m() %}{{ caller.constructor }}{{ caller.__proto__ }}|{% endmacro %}{% call m() %}{% endcall %}',
    ends: { output: '|' },
  },
  { name: 'undefined', source: '{{ nope.constructor }}', ends: { error: 'UndefinedError' } },
  {
    name: 'undefined, chainable',
    source: "{{ nope.constructor.prototype['__proto__'] }}|",
    options: { undefined: 'chainable' },
    ends: { output: '|' },
  },
  {
    name: 'Markup',
    source: "{{ ('x'|safe).constructor }}{{ ('x'|safe).text }}{{ ('x'|safe)['typeName'] }}|",
    ends: { output: '|' },
  },
  {
    name: 'fields of our classes',
    source:
      "{{ (1, 2).items }}{{ (1, 2)['items'] }}{{ 1.5.value }}{{ range(3).typeName }}{{ range(3).pyCall }}{{ namespace().pyGetItem }}{{ cycler(1).items }}|",
    ends: { output: '(1,)|' },
  },
  { name: 'fields of our undefined', source: '{{ nope.origin }}', ends: { error: 'UndefinedError' } },
];
