import { describe, expect, it } from 'vitest';
import { DictLoader, Environment, JinjaError, LimitError } from './jinja.ts';

const LOADER = new DictLoader({
  self: "{% include 'self' %}",
  selfext: "{% extends 'selfext' %}",
  selfimp: "{% import 'selfimp' as x %}",
});

/** Templates as an attacker would write them: name, source, and what must come of it. */
const CASES: readonly (readonly [string, string, string])[] = [
  ['nested', '{{ ' + '('.repeat(100000) + '1' + ')'.repeat(100000) + ' }}', 'LimitError maxNesting'],
  ['nestlist', '{{ ' + '['.repeat(5000) + ']'.repeat(5000) + ' }}', 'LimitError maxNesting'],
  ['not', '{{ ' + 'not '.repeat(100000) + '1 }}', 'LimitError maxNesting'],
  ['neg', '{{ ' + '-'.repeat(100000) + '1 }}', 'LimitError maxNesting'],
  ['plus', '{{ 1' + '+1'.repeat(40000) + ' }}', 'LimitError maxNesting'],
  ['pipes', '{{ 1' + '|abs'.repeat(40000) + ' }}', 'LimitError maxNesting'],
  ['dots', '{{ a' + '.b'.repeat(40000) + ' }}', 'LimitError maxNesting'],
  ['tilde', '{{ 1' + '~1'.repeat(40000) + ' }}', '40001 characters'],
  ['andor', '{{ 1' + ' and 1'.repeat(50000) + ' }}', 'LimitError maxNesting'],
  ['cmp', '{{ 1' + ' < 2'.repeat(40000) + ' }}', 'text False'],
  ['elif', '{% if 0 %}' + '{% elif 0 %}'.repeat(20000) + '{% endif %}', 'LimitError maxNesting'],
  ['ifs', '{% if 1 %}'.repeat(5000) + '{% endif %}'.repeat(5000), 'LimitError maxNesting'],
  ['fors', '{% for x in [1] %}'.repeat(140) + '{% endfor %}'.repeat(140), 'text '],
  ['manyout', '{{ 1 }}'.repeat(30000), '30000 characters'],
  ['tokens', '{{ 1 }}'.repeat(100000), 'LimitError maxTokens'],
  ['manyvars', Array.from({ length: 20000 }, (_, i) => `{{ v${i} }}`).join(''), 'text '],
  [
    'loop',
    '{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}',
    'LimitError maxSteps',
  ],
  ['range', '{{ range(10**12)|list }}', 'LimitError maxItems'],
  ['rangeonly', '{% for x in range(10**15) %}{% endfor %}', 'LimitError maxItems'],
  ['mul', "{{ 'a' * 10**10 }}", 'LimitError maxString'],
  ['mul2', "{{ 'a' * 10**7 * 10 }}", 'LimitError maxString'],
  ['mull', '{{ [0] * 10**9 }}', 'LimitError maxItems'],
  [
    'mullist',
    '{% set l = [0]*1000 %}{% for i in range(1000) %}{% set _ = l.extend(l) %}{% endfor %}',
    'LimitError maxSteps',
  ],
  ['pow', '{{ 10 ** 10 ** 10 }}', '101 characters'],
  ['pow2', '{{ 2 ** 100000000 }}', 'LimitError maxBits'],
  [
    'pow3',
    '{% set ns = namespace(x=3) %}{% for i in range(100) %}{% set ns.x = ns.x * ns.x %}{% endfor %}',
    'LimitError maxBits',
  ],
  ['powf', '{{ 9**9**9**9 }}', '696 characters'],
  ['center', "{{ 'a'|center(10**9) }}", 'LimitError maxString'],
  ['ljust', "{{ 'a'.ljust(10**9) }}", 'LimitError maxString'],
  ['zfill', "{{ 'a'.zfill(10**9) }}", 'LimitError maxString'],
  ['fmtw', "{{ '%1000000000d' % 1 }}", 'LimitError maxString'],
  ['fmts', "{{ '%*d' % (1000000000, 1) }}", 'LimitError maxString'],
  ['fmt3', "{{ '{:1000000000}'.format(1) }}", 'LimitError maxString'],
  ['fmtp', "{{ '%.1000000000f' % 1 }}", 'LimitError maxString'],
  ['fmtp2', "{{ '{:.1000000000f}'.format(1.5) }}", 'LimitError maxString'],
  [
    'fmtp3',
    '{{ 1|round(1000000000) }}{{ 1.5|round(10**9) }}{{ 1.5|round(-10**9) }}{{ 5|round(-10**9) }}',
    'text 11.50.00',
  ],
  ['indent', "{{ 'a\nb'|indent(10**9) }}", 'LimitError maxString'],
  ['indent2', "{{ ('a\n' * 100000)|indent(100000) }}", 'LimitError maxString'],
  ['join', "{{ range(100000)|join('x' * 10000) }}", 'LimitError maxString'],
  ['replace', "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}", 'LimitError maxString'],
  ['replace2', "{{ ('a' * 1000000)|replace('', 'b' * 1000) }}", 'LimitError maxString'],
  ['macro', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'LimitError maxDepth'],
  ['macro2', '{% macro m(n) %}{{ m(n)~m(n) }}{% endmacro %}{{ m(1) }}', 'LimitError maxDepth'],
  ['inc', "{% include 'self' %}", 'LimitError maxDepth'],
  ['ext', "{% extends 'selfext' %}", 'LimitError maxDepth'],
  ['imp', "{% import 'selfimp' as x %}", 'LimitError maxDepth'],
  ['rec', '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}', 'LimitError maxDepth'],
  ['block', '{% block a %}{{ self.a() }}{% endblock %}', 'LimitError maxDepth'],
  [
    'cyc',
    '{% set l = [] %}{% set _ = l.append(l) %}{{ l }}{{ l == l }}{{ [l] == [l] }}{{ l|tojson }}',
    'ValueError',
  ],
  [
    'cyc2',
    '{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l == m }}',
    'LimitError maxDepth',
  ],
  ['cyc3', '{% set l = [] %}{% set _ = l.append(l) %}{{ l|pprint }}', 'UnsupportedError'],
  [
    'bigstr',
    "{% set a = 'x' * 1000000 %}{% for i in range(100000) %}{% set b = a|upper %}{% endfor %}",
    'LimitError maxAllocation',
  ],
  [
    'bigset',
    "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set _ = ns.l.append('x' * 100000) %}{% endfor %}",
    'LimitError maxAllocation',
  ],
  [
    'dbl',
    "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    'LimitError maxString',
  ],
  [
    'dbl2',
    "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    'LimitError maxString',
  ],
  [
    'dblb',
    "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}{% endfor %}",
    'LimitError maxString',
  ],
  ['out', "{% set a = 'x' * 1000000 %}{% for i in range(1000) %}{{ a }}{% endfor %}", 'LimitError maxString'],
  ['out2', "{% set a = 'x' * 1000000 %}" + '{{ a }}'.repeat(3000), 'LimitError maxString'],
  [
    'inlist',
    '{% set l = range(100000)|list %}{% for i in range(100000) %}{{ -1 in l }}{% endfor %}',
    'LimitError maxSteps',
  ],
  [
    'eqlist',
    '{% set l = range(100000)|list %}{% set m = range(100000)|list %}{% for i in range(100000) %}{{ l == m }}{% endfor %}',
    'LimitError maxSteps',
  ],
  [
    'sort',
    '{% set l = range(100000)|list %}{% for i in range(1000) %}{{ (l|sort)[0] }}{% endfor %}',
    'LimitError maxSteps',
  ],
  [
    'count',
    "{% set a = 'x' * 1000000 %}{% for i in range(1000000) %}{{ a.count('y') }}{% endfor %}",
    'LimitError maxSteps',
  ],
  [
    'find',
    "{% set a = 'x' * 1000000 %}{% for i in range(1000000) %}{{ 'y' in a }}{% endfor %}",
    'LimitError maxSteps',
  ],
  [
    'split',
    "{% set a = 'x,' * 1000000 %}{% for i in range(1000) %}{% set z = a.split(',') %}{% endfor %}",
    'LimitError maxItems',
  ],
  [
    'slice',
    "{% set a = 'x' * 1000000 %}{% for i in range(100000) %}{% set z = a[::-1] %}{% endfor %}",
    'LimitError maxSteps',
  ],
  [
    'rev',
    "{% set a = 'x' * 1000000 %}{% for i in range(100000) %}{% set z = a|reverse %}{% endfor %}",
    'LimitError maxSteps',
  ],
  ['urlize', "{{ ('a.' * 50000)|urlize }}", 'LimitError maxSteps'],
  ['urlize2', "{{ ('http://' ~ 'a' * 50000)|urlize }}", 'LimitError maxSteps'],
  ['urlize3', "{{ ('(' * 50000 ~ ')' * 50000)|urlize }}", '100000 characters'],
  ['striptags', "{{ ('<' * 500000)|striptags }}", '500000 characters'],
  ['striptags2', "{{ ('&' * 500000)|striptags }}", '500000 characters'],
  ['wordwrap', "{{ ('a-' * 50000)|wordwrap(3) }}", '149998 characters'],
  ['wordwrap2', "{{ ('-' * 50000)|wordwrap(79) }}", '50632 characters'],
  ['wordwrap3', "{{ ('a' * 100000)|wordwrap(1) }}", 'LimitError maxSteps'],
  ['title', "{{ (' -' * 500000)|title }}", '1000000 characters'],
  ['trim', "{{ (' ' * 1000000 ~ 'x' ~ ' ' * 1000000)|trim|length }}", 'text 1'],
  ['intp', "{{ ('9' * 1000000)|int }}", 'text 0'],
  ['intp2', "{{ (' ' * 1000000)|int }}{{ ('_' * 1000000)|int }}{{ ('1_' * 100000)|int }}", 'text 000'],
  ['floatp', "{{ ('9' * 1000000)|float }}{{ ('1' ~ '_1' * 100000)|float }}", 'text infinf'],
  ['pyfmt', "{{ ('%(' * 100000) % {} }}", 'ValueError'],
  ['pyfmt2', "{{ ('{' * 100000).format() }}", '50000 characters'],
  ['pyfmt3', "{{ '{0:{0:{0}}}'.format(1) }}", 'text 1'],
  ['pyfmt4', "{{ '{0.__class__}'.format('') }}", 'SecurityError'],
  ['pyfmt5', "{{ '{0.constructor}'.format('') }}", 'AttributeError'],
  ['pyfmt6', "{{ '{a[__proto__]}'.format(a={}) }}", 'KeyError'],
  [
    'proto',
    '{{ __proto__ }}{{ constructor }}{{ toString }}{{ hasOwnProperty }}{{ {}.constructor }}{{ [].constructor }}{{ "".constructor }}{{ (1).constructor }}{{ {}.__proto__ }}{{ [].length }}{{ "".length }}{{ [].push }}{{ range.constructor }}{{ range.body }}{{ range.signature }}{{ dict.name }}',
    'text ',
  ],
  ['proto2', '{{ "".constructor.constructor("return process")() }}', 'UndefinedError'],
  ['proto3', '{{ [].map.constructor("return 1")() }}', 'UndefinedError'],
  ['cls', "{{ ''.__class__.__mro__[1].__subclasses__() }}", 'SecurityError'],
  ['cls2', '{{ self.__init__.__globals__ }}', 'SecurityError'],
  ['cls3', '{{ cycler.__init__.__globals__.os }}', 'SecurityError'],
  ['cls4', "{{ ''|attr('__class__') }}", 'SecurityError'],
  ['cls5', "{{ ['']|map(attribute='__class__')|list }}", 'SecurityError'],
  ['cls6', '{{ namespace.__init__ }}', 'SecurityError'],
  ['cls7', '{{ joiner.constructor }}{{ lipsum.__globals__ }}', 'SecurityError'],
  [
    'inj',
    '{{ "`${process.exit()}`" }}{{ "\\u2028" }}{{ "*/ process.exit() /*" }}{% set constructor = 1 %}{{ constructor }}{% set __proto__ = 2 %}{{ __proto__ }}{% macro __proto__(a) %}{{ a }}{% endmacro %}{{ __proto__(3) }}',
    'text `${process.exit()}` */ process.exit() /*123',
  ],
  [
    'injb',
    '{% block __proto__ %}{{ super }}x{% endblock %}{% block constructor %}y{% endblock %}{{ self.constructor() }}{{ self.__proto__() }}',
    'text xyyx',
  ],
  [
    'injn',
    '{% set p = 1 %}{% set c = 2 %}{% set E = 3 %}{% set error = 4 %}{{ p }}{{ c }}{{ E }}{{ error }}{% set o = 5 %}{{ o }}{% set L = 6 %}{{ L }}',
    'text 123456',
  ],
  ['sorterr', "{{ [1,'a',none]|sort }}", 'TypeError'],
  ['lip', '{{ lipsum() }}', 'UnsupportedError'],
  ['rnd', '{{ [1]|random }}', 'UnsupportedError'],
  ['lex1', '{#'.repeat(100000), 'TemplateSyntaxError'],
  ['lex2', '{% raw %}'.repeat(50000), 'TemplateSyntaxError'],
  ['lex3', '{%- '.repeat(100000), 'TemplateSyntaxError'],
  ['lex4', '{{' + ' '.repeat(1000000), 'TemplateSyntaxError'],
  ['lex5', '{%' + ' '.repeat(1000000) + '%}', 'TemplateSyntaxError'],
  ['lex6', "{{ '" + '\\'.repeat(100001), 'TemplateSyntaxError'],
  ['lex7', "{{ '" + 'a'.repeat(1000000) + "' }}", '1000000 characters'],
  ['lex8', '{{ ' + '1_'.repeat(100000) + ' }}', 'TemplateSyntaxError'],
  ['lex9', '{{ ' + '1'.repeat(100000) + ' }}', 'TemplateSyntaxError'],
  ['lex10', '{{ 1' + '0'.repeat(4000) + ' ** 3 }}', 'LimitError maxBits'],
  ['lex11', '{%'.repeat(500000), 'TemplateSyntaxError'],
  ['batch', "{{ [1]|batch(10**9, 'x')|list }}", 'LimitError maxItems'],
  ['slicef', '{{ [1]|slice(10**9)|list }}', 'LimitError maxSteps'],
  ['tojson', '{{ [1]|tojson(10**9) }}', 'LimitError maxString'],
  ['expand', "{{ ('\t' * 1000000).expandtabs(1000000) }}", 'LimitError maxString'],
  ['transl', "{{ ('a' * 1000000).translate({97: 'b' * 1000000}) }}", 'LimitError maxString'],
  ['joinm', "{{ ('x' * 1000000).join(range(1000)|map('string')) }}", 'LimitError maxString'],
  ['sum', '{{ range(1000000)|map("string")|sum(start=[]) }}', 'LimitError maxSteps'],
  ['fsz', '{{ (10**400)|filesizeformat }}', 'OverflowError'],
  ['batch2', '{{ range(1000000)|batch(1)|list|length }}', 'LimitError maxSteps'],
  ['gb', '{{ range(200000)|groupby(0)|length }}', 'LimitError maxSteps'],
  ['uni', '{{ range(900000)|unique|list|length }}', 'LimitError maxSteps'],
  [
    'deepdict',
    "{% set ns = namespace(d={}) %}{% for i in range(100000) %}{% set ns.d = {'a': ns.d} %}{% endfor %}{{ ns.d }}",
    'LimitError maxDepth',
  ],
  [
    'deepeq',
    '{% set ns = namespace(d=[], e=[]) %}{% for i in range(100000) %}{% set ns.d = [ns.d] %}{% set ns.e = [ns.e] %}{% endfor %}{{ ns.d == ns.e }}{{ ns.d < ns.e }}',
    'LimitError maxDepth',
  ],
  [
    'deeptup',
    '{% set ns = namespace(d=()) %}{% for i in range(100000) %}{% set ns.d = (ns.d,) %}{% endfor %}{{ {ns.d: 1} }}',
    'LimitError maxDepth',
  ],
  [
    'tuphash',
    '{% set ns = namespace(d=(1,2)) %}{% for i in range(60) %}{% set ns.d = (ns.d,ns.d) %}{% endfor %}{{ {ns.d: 1} }}',
    'LimitError maxAllocation',
  ],
  [
    'repx',
    '{% set ns = namespace(d=[1,2]) %}{% for i in range(60) %}{% set ns.d = [ns.d,ns.d] %}{% endfor %}{{ ns.d }}',
    'LimitError maxSteps',
  ],
  [
    'eqx',
    '{% set ns = namespace(d=[1,2],e=[1,2]) %}{% for i in range(60) %}{% set ns.d = [ns.d,ns.d] %}{% set ns.e = [ns.e,ns.e] %}{% endfor %}{{ ns.d == ns.e }}',
    'LimitError maxSteps',
  ],
  ['fltr', '{% filter upper %}'.repeat(140) + 'x' + '{% endfilter %}'.repeat(140), 'text X'],
  [
    'dynk',
    "{{ dict(**{'a': 1, '__proto__': 2, 'constructor': 3}) }}",
    "text {'a': 1, '__proto__': 2, 'constructor': 3}",
  ],
  ['kwx', '{{ range(__proto__=1) }}', 'TypeError'],
  ['mod', "{{ 'a' % ([0] * 1000000) }}", 'text a'],
  ['divb', '{{ 10**4000 // 3 % 7 }}{{ 10**10000 }}', 'ValueError'],
  ['strint', '{{ (10**5000)|string }}', 'ValueError'],
  ['lns', "{{ ('\n' * 5000000)|wordwrap }}", 'LimitError maxItems'],
  ['cntr', "{{ ('é😀' * 500000)|center(3000000)|length }}", 'text 3000000'],
  ['glob', '{{ process }}{{ globalThis }}{{ require }}{{ R }}{{ K }}{{ T }}{{ used }}', 'text '],
];

/** What comes of a template: its text, its length when it is long, or the error and the limit. */
function outcome(source: string): string {
  try {
    const text = new Environment({ loader: LOADER, extensions: ['do'] }).fromString(source).render({});
    return text.length < 60 ? `text ${text}` : `${text.length} characters`;
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    expect(error.place, error.message).toBeDefined();
    return error instanceof LimitError ? `${error.name} ${error.limit}` : error.name;
  }
}

describe('a hostile template', () => {
  it.each(CASES)('%s ends, within 2 s', (_, source, expected) => {
    const start = performance.now();
    expect(outcome(source)).toBe(expected);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
