import type { EnvironmentOptions } from '../case.ts';
import type { Grammar } from './derive.ts';
import { OPERANDS, OPERATORS } from './expressions.ts';
import { FILTERS, TESTS } from './filters.ts';
import { METHODS } from './methods.ts';
import { TEMPLATE } from './statements.ts';

/** All of Jinja's language. */
export const JINJA: Grammar = {
  ...OPERANDS,
  ...OPERATORS,
  ...FILTERS,
  ...TESTS,
  ...METHODS,
  ...TEMPLATE,
  shown: [
    '{{ [«focus»] }}',
    '{{ «focus» }}',
    '{{ («focus») }}',
    '{{ («focus»)|pprint }}',
    '{{ («focus»)|string|length }}{{ «focus» }}',
    '{% set x = «focus» %}«body»{{ [x] }}',
    '{% if «focus» %}yes{% else %}no{% endif %}',
    '{% for x in [«focus»] %}{{ x }}{% endfor %}',
    '«body»{{ «focus» }}«body»',
    '{{ [«focus», «focus»] }}',
    '{{ («focus») is defined }}{{ [«focus»] }}',
    '{{ («focus»)|default("d") }}',
  ],
  focus: ['none'],
  program: ['«statement»«body»', '4×«body»«statement»«body»', '«statement»', '«body»«statement»«text»'],
  wrong: ['«mistake»', '«text»«mistake»«text»', '«body»«mistake»'],
};

/** Symbols whose every production is a feature of an expression, tried for its own sake. */
export const EXPRESSION_FEATURES = [
  'strfilter',
  'numfilter',
  'listfilter',
  'test',
  'strmethod',
  'listmethod',
  'dictmethod',
  'intmethod',
  'arithmetic',
  'concat',
  'comparison',
  'logic',
  'conditional',
  'subscript',
  'attribute',
  'global',
  'percent',
  'format',
  'number',
  'string',
] as const;

/** Templates that the generated ones include, import and extend. */
export const LIBRARY: Readonly<Record<string, string>> = {
  inc: 'inc[{{ x }}{{ loop.index }}]{% set y = 1 %}\n',
  mac: 'text{% macro m1(a, b=2) %}<{{ a }}{{ b }}>{% endmacro %}{% macro m2() %}[{{ x }}]{% endmacro %}{% macro m3() %}({{ caller() }}){% endmacro %}{% set v = [1, x is defined] %}{% set _hidden = 1 %}\n',
  base: 'H{% block b %}base b {{ x }}{% endblock %}\n{% block c %}base c{{ self.b() }}{% endblock %}F\n',
  mid: '{% extends "base" %}{% block b %}mid({{ super() }}){% endblock %}{% block r %}unused{% endblock %}',
  req: '{% block r required %}{% endblock %}!\n',
  bad: '{% if %}',
};

/** Options of an environment, a set for a case. Delimiters are put into the source afterwards. */
export const ENVIRONMENTS: readonly EnvironmentOptions[] = [
  {},
  {},
  {},
  {},
  { extensions: ['do', 'loopcontrols'] },
  { extensions: ['do', 'loopcontrols'] },
  { extensions: ['do', 'loopcontrols'], trim_blocks: true },
  { extensions: ['do', 'loopcontrols'], undefined: 'strict', trim_blocks: true },
  { trim_blocks: true, lstrip_blocks: true },
  { lstrip_blocks: true },
  { trim_blocks: true, keep_trailing_newline: true },
  { keep_trailing_newline: true },
  { undefined: 'strict' },
  { undefined: 'strict', keep_trailing_newline: true },
  { undefined: 'chainable' },
  { undefined: 'debug' },
  { autoescape: true },
  { autoescape: true, extensions: ['do'], undefined: 'chainable' },
  { newline_sequence: '\r\n', keep_trailing_newline: true },
  { newline_sequence: '\r', trim_blocks: true },
  { line_statement_prefix: '#', line_comment_prefix: '##' },
  { line_statement_prefix: '%', line_comment_prefix: '%%', trim_blocks: true, lstrip_blocks: true },
  { line_statement_prefix: '#', keep_trailing_newline: true, lstrip_blocks: true },
  {
    block_start_string: '<%',
    block_end_string: '%>',
    variable_start_string: '${',
    variable_end_string: '}',
    comment_start_string: '<#',
    comment_end_string: '#>',
  },
  { variable_start_string: '[[', variable_end_string: ']]', lstrip_blocks: true, trim_blocks: true },
  {
    block_start_string: '<!--%',
    block_end_string: '%-->',
    variable_start_string: '<?=',
    variable_end_string: '?>',
    comment_start_string: '<!--',
    comment_end_string: '-->',
    trim_blocks: true,
  },
  {
    block_start_string: '\\B{',
    block_end_string: '}',
    variable_start_string: '\\V{',
    variable_end_string: '}',
  },
  { comment_start_string: '{*', comment_end_string: '*}', line_comment_prefix: '//' },
];
