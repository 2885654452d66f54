import { describe, expect, test } from 'vitest';
import { JinjaError, LimitError } from '../jinja/jinja.ts';
import { Templar } from './ansible.ts';

/** Milliseconds of processor time that a case may take. */
const MILLISECONDS = 2000;

const LONG = "{% set s = 'x' * 4000000 %}";
const LIST = '{% set l = range(300000)|list %}';
const SHARED =
  '{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}';
const SHARED_DICTS =
  "{% set ns = namespace(x={}) %}{% for i in range(60) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}";
const SELF = '{% set l = [] %}{% set _ = l.append(l) %}';

/** A template, and the text that it gives or the limit or error that ends it. */
const CASES: readonly (readonly [name: string, source: string, end: string])[] = [
  [
    'a union, many times',
    `${LIST}{% for i in range(1000) %}{{ l|union([1])|length }}{% endfor %}`,
    'maxSteps',
  ],
  ['differences of long lists', '{{ range(90000)|difference(range(80000))|length }}', '10000'],
  ['subset, many times', `${LIST}{% for i in range(100) %}{{ l is subset(l) }}{% endfor %}`, 'maxSteps'],
  ['a match a character', `${LONG}{{ s|regex_findall('x')|length }}`, 'maxSteps'],
  [
    'a replacement a character',
    `${LONG}{{ s|regex_replace('', 'yyyyyyyyyyyyyyyyyyyy')|length }}`,
    'maxSteps',
  ],
  [
    'to_nice_yaml, many times',
    `${LIST}{% for i in range(100) %}{{ l|to_nice_yaml|length }}{% endfor %}`,
    'maxSteps',
  ],
  ['lists that double, as json', `${SHARED}{{ ns.x|to_json|length }}`, 'maxSteps'],
  ['lists that double, printed', `${SHARED}{{ ns.x }}`, 'maxSteps'],
  ['mappings that double, combined', `${SHARED_DICTS}{{ ns.x|combine(ns.x, recursive=true) }}`, 'maxSteps'],
  ['a list in itself', `${SELF}{{ l }}`, 'maxDepth'],
  [
    'from_yaml, many times',
    "{% set y = 'abc def ' * 400000 %}{% for i in range(100) %}{% set x = y|from_yaml %}{% endfor %}",
    'maxSteps',
  ],
  [
    'from_json, many times',
    "{% set y = '[' ~ '1,' * 400000 ~ '1]' %}{% for i in range(100) %}{% set x = y|from_json %}{% endfor %}",
    'maxSteps',
  ],
  ['a product with itself', '{{ [1]|product(repeat=1000000000) }}', 'maxItems'],
  ['a wide product', '{{ [1]|product(repeat=100000)|first|length }}', '100000'],
  ['a product of nothing', '{{ []|product(repeat=100000000) }}', 'maxItems'],
  ['a long product', '{{ [1, 2]|product(repeat=19)|length }}', 'maxItems'],
  [
    'a long seed, many times',
    `${LONG}{% for i in range(100) %}{{ 100|random(seed=s) }}{% endfor %}`,
    'maxSteps',
  ],
  ['open variables', "{{ ('${' * 2000000)|expandvars|length }}", '4000000'],
  ['a path of many parts', "{{ (['a' * 1000] * 900000)|path_join }}", 'maxString'],
  ['long paths', "{{ (['a/' * 1000] * 9000)|commonpath|length }}", 'maxSteps'],
  ['a long format of a time', "{{ '1'|to_datetime('%Y' * 100000) }}", 'maxString'],
  ['a directive twice', "{{ '11'|to_datetime('%d%d') }}", 're.error'],
  ['hashes of a long text', `${LONG}{% for i in range(100) %}{{ s|hash('sha512') }}{% endfor %}`, 'maxSteps'],
  [
    'a list variable, many times',
    "{% for i in range(10000) %}{{ lookup('vars', 'list')|length }}{% endfor %}",
    'maxSteps',
  ],
  [
    'a CSV text, many times',
    "{% for i in range(1000) %}{{ lookup('csvfile', 'a file=f.csv delimiter=,') }}{% endfor %}",
    'maxSteps',
  ],
  [
    'an INI text, many times',
    "{% for i in range(1000) %}{{ lookup('ini', 'a section=s file=f.ini') }}{% endfor %}",
    'maxSteps',
  ],
  ['a glob of many stars', "{{ ('*a' * 100 ~ 'z')|fileglob }}", 'maxSteps'],
  [
    'candidates of first_found',
    "{{ lookup('first_found', files=range(100000)|map('string')|list, paths=range(1000)|map('string')|list) }}",
    'maxSteps',
  ],
  ['a glob of no range', "{{ '[z-a]'|fileglob }}", 're.error'],
  ['a long delimiter', `#jinja2: variable_start_string:'${'x'.repeat(100_000)}'\n{{ 1 }}`, 'maxString'],
  [
    'large numbers',
    '{% set l = [] %}{% set b = 2 ** 60000 %}{% for i in range(100000) %}{% set _ = l.append(b + i) %}{% endfor %}',
    'maxSteps',
  ],
  [
    'a long text in a URL, many times',
    `${LONG}{% for i in range(100) %}{{ s|urlencode|length }}{% endfor %}`,
    'maxSteps',
  ],
  ['long versions', "{{ ('1.' * 1000000) is version('1.' * 1000000, '<') }}", 'maxSteps'],
];

const TEXTS = new Map([
  ['f.csv', '"a,b,"\n'.repeat(300_000)],
  ['f.ini', `[s]\n${Array.from({ length: 200_000 }, (_, index) => `a${index}=b\n`).join('')}`],
  ['a'.repeat(2000), ''],
]);
const VARIABLES = { list: '{{ range(300000)|list }}' };

function endOf(source: string): string {
  try {
    return new Templar({ variables: VARIABLES, texts: TEXTS }).renderFile(source, { name: 'a.j2' });
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return error instanceof LimitError ? error.limit : error.name;
  }
}

describe('a hostile template ends as in Ansible or by a limit, within 2 s', () => {
  test.each(CASES)('%s', (_name, source, end) => {
    const before = process.cpuUsage();
    expect(endOf(source)).toBe(end);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(MILLISECONDS);
  });
});
