import type { HostileCase } from '../../jinja/hostile/hostile-case.ts';

const LONG = "{% set s = 'x' * 4000000 %}";
const LIST = '{% set l = range(300000)|list %}';
const SHARED =
  '{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}';
const SHARED_DICTS =
  "{% set ns = namespace(x={}) %}{% for i in range(60) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}";
const SELF = '{% set l = [] %}{% set _ = l.append(l) %}';

const VARIABLES = { list: '{{ range(300000)|list }}' };

const r = (text: string, times: number) => text.repeat(times);

/** Templates that try to exhaust the compiler by what Ansible adds to Jinja. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  {
    name: 'a union, many times',
    source: `${LIST}{% for i in range(1000) %}{{ l|union([1])|length }}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'differences of long lists',
    source: '{{ range(90000)|difference(range(80000))|length }}',
    ends: { output: '10000' },
  },
  {
    name: 'subset, many times',
    source: `${LIST}{% for i in range(100) %}{{ l is subset(l) }}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a match a character',
    source: `${LONG}{{ s|regex_findall('x')|length }}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a replacement a character',
    source: `${LONG}{{ s|regex_replace('', 'yyyyyyyyyyyyyyyyyyyy')|length }}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'to_nice_yaml, many times',
    source: `${LIST}{% for i in range(100) %}{{ l|to_nice_yaml|length }}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'lists that double, as json',
    source: `${SHARED}{{ ns.x|to_json|length }}`,
    ends: { limit: 'maxSteps' },
  },
  { name: 'lists that double, printed', source: `${SHARED}{{ ns.x }}`, ends: { limit: 'maxSteps' } },
  {
    name: 'mappings that double, combined',
    source: `${SHARED_DICTS}{{ ns.x|combine(ns.x, recursive=true) }}`,
    ends: { limit: 'maxSteps' },
  },
  { name: 'a list in itself', source: `${SELF}{{ l }}`, ends: { limit: 'maxDepth' } },
  {
    name: 'from_yaml, many times',
    source: "{% set y = 'abc def ' * 400000 %}{% for i in range(100) %}{% set x = y|from_yaml %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'from_json, many times',
    source:
      "{% set y = '[' ~ '1,' * 400000 ~ '1]' %}{% for i in range(100) %}{% set x = y|from_json %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a product with itself',
    source: '{{ [1]|product(repeat=1000000000) }}',
    ends: { limit: 'maxItems' },
  },
  {
    name: 'a wide product',
    source: '{{ [1]|product(repeat=100000)|first|length }}',
    ends: { output: '100000' },
  },
  { name: 'a product of nothing', source: '{{ []|product(repeat=100000000) }}', ends: { limit: 'maxItems' } },
  { name: 'a long product', source: '{{ [1, 2]|product(repeat=19)|length }}', ends: { limit: 'maxItems' } },
  {
    name: 'a long seed, many times',
    source: `${LONG}{% for i in range(100) %}{{ 100|random(seed=s) }}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  { name: 'open variables', source: "{{ ('${' * 2000000)|expandvars|length }}", ends: { output: '4000000' } },
  {
    name: 'a path of many parts',
    source: "{{ (['a' * 1000] * 900000)|path_join }}",
    ends: { limit: 'maxString' },
  },
  {
    name: 'long paths',
    source: "{{ (['a/' * 1000] * 9000)|commonpath|length }}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a long format of a time',
    source: "{{ '1'|to_datetime('%Y' * 100000) }}",
    ends: { limit: 'maxString' },
  },
  { name: 'a directive twice', source: "{{ '11'|to_datetime('%d%d') }}", ends: { error: 're.error' } },
  {
    name: 'hashes of a long text',
    source: `${LONG}{% for i in range(100) %}{{ s|hash('sha512') }}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a list variable, many times',
    source: "{% for i in range(10000) %}{{ lookup('vars', 'list')|length }}{% endfor %}",
    context: VARIABLES,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a CSV text, many times',
    source: "{% for i in range(1000) %}{{ lookup('csvfile', 'a file=f.csv delimiter=,') }}{% endfor %}",
    templates: { 'f.csv': '"a,b,"\n'.repeat(300_000) },
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'an INI text, many times',
    source: "{% for i in range(1000) %}{{ lookup('ini', 'a section=s file=f.ini') }}{% endfor %}",
    templates: { 'f.ini': `[s]\n${Array.from({ length: 200_000 }, (_, index) => `a${index}=b\n`).join('')}` },
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a glob of many stars',
    source: "{{ ('*a' * 100 ~ 'z')|fileglob }}",
    templates: { [r('a', 2000)]: '' },
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'candidates of first_found',
    source:
      "{{ lookup('first_found', files=range(100000)|map('string')|list, paths=range(1000)|map('string')|list) }}",
    ends: { limit: 'maxSteps' },
  },
  { name: 'a glob of no range', source: "{{ '[z-a]'|fileglob }}", ends: { error: 're.error' } },
  {
    name: 'a long delimiter',
    source: `#jinja2: variable_start_string:'${'x'.repeat(100_000)}'\n{{ 1 }}`,
    ends: { limit: 'maxString' },
  },
  {
    name: 'large numbers',
    source:
      '{% set l = [] %}{% set b = 2 ** 60000 %}{% for i in range(100000) %}{% set _ = l.append(b + i) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a long text in a URL, many times',
    source: `${LONG}{% for i in range(100) %}{{ s|urlencode|length }}{% endfor %}`,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'long versions',
    source: "{{ ('1.' * 1000000) is version('1.' * 1000000, '<') }}",
    ends: { limit: 'maxSteps' },
  },
];
