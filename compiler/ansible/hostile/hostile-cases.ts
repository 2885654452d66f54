import type { HostileCase } from '../../jinja/hostile/hostile-case.ts';

const LONG = "{% set s = 'x' * 4000000 %}";
const LIST = '{% set l = range(300000)|list %}';
const SHARED =
  '{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}';
const SHARED_DICTS =
  "{% set ns = namespace(x={}) %}{% for i in range(60) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}";
const SELF = '{% set l = [] %}{% set _ = l.append(l) %}';

const VARIABLES = { list: '{{ range(300000)|list }}' };

const MANY_VARIABLES = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`v${index}`, '{{ range(100000)|list }}']),
);
const SUM_OF_LENGTHS = Object.keys(MANY_VARIABLES)
  .map((name) => `{{ ${name}|length }}`)
  .join('');

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
  {
    name: 'a large int as YAML, many times',
    source: '{% set b = 2 ** 60000 %}{% for i in range(10000) %}{{ b|to_yaml }}{% endfor %}',
    ends: { error: 'AnsibleFilterError' },
  },
  {
    name: 'a large int as JSON, many times',
    source: '{% set b = 3 ** 8000 %}{% for i in range(1000000) %}{% set x = b|to_json %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'many large variables',
    source: SUM_OF_LENGTHS,
    context: MANY_VARIABLES,
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'many large variables that are no templates',
    source: SUM_OF_LENGTHS,
    context: Object.fromEntries(
      Object.keys(MANY_VARIABLES).map((name) => [name, Array.from({ length: 15_000 }, (_, item) => item)]),
    ),
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a union of ints alike in their lowest 64 bits',
    source:
      '{% set l = [] %}{% for i in range(50000) %}{% set _ = l.append((i + 1) * 2 ** 64) %}{% endfor %}{{ l|union(l)|length }}',
    ends: { output: '50000' },
  },
  {
    name: 'seeds, many times',
    source: '{% for i in range(1000000) %}{% set x = 100|random(seed=i) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'large numbers by a seed, many times',
    source: '{% set b = 2 ** 60000 %}{% for i in range(1000000) %}{% set x = b|random(seed=i) %}{% endfor %}',
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'paddings in a base64 text',
    source: "{% for i in range(100) %}{% set x = ('abcd=' * 1000000)|b64decode %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'variables that hold each other, many times',
    source: "{% for i in range(1000000) %}{{ lookup('vars', 'a')|length }}{% endfor %}",
    context: { a: '{{ b }}', b: '{{ c }}', c: '{{ range(10000)|list }}' },
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'dates, many times',
    source: "{% for i in range(1000000) %}{% set x = '2024-01-02 03:04:05'|to_datetime %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'patterns, many times',
    source:
      "{% for i in range(1000000) %}{% set x = 'a'|regex_search('(a|b)*[a-z]{1,30}' ~ i) %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a long pattern, many times',
    source:
      "{% set p = '(a)' * 90 %}{% for i in range(1000000) %}{% set x = 'a'|regex_search(p) %}{% endfor %}",
    ends: { limit: 'maxSteps' },
  },
  {
    name: 'a long literal in a variable',
    source: '{% for i in range(1000) %}{{ lookup("template", "l.j2")|length }}{% endfor %}',
    templates: { 'l.j2': `[${r('1, ', 100000)}1]` },
    ends: { limit: 'maxSteps' },
  },
];
