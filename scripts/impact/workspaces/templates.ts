import { textOf } from '../../conformance/grammar/derive.ts';
import type { Random } from '../../conformance/random.ts';
import { BLOCKS } from './blocks.ts';
import { type Draft, needed, optional, type Piece } from './draft.ts';
import { withHeader } from './headers.ts';

/** How much of an expression is made of others. */
const DEPTH = 5;

const derived = (random: Random, symbol: string) => textOf(BLOCKS.derive(symbol, DEPTH, random));

/** A template of up to `most` blocks; plain ones include and import nothing. */
export function templateText(random: Random, blocks: 'any' | 'plain', most: number): Piece[] {
  const symbol = blocks === 'any' ? 'block' : 'plainblock';
  return Array.from({ length: 1 + random.below(most) }, () => optional(derived(random, symbol)));
}

/** What lookups read as it stands. */
export function dataFiles(folder: string): Draft {
  return new Map([
    [`${folder}/note.txt`, [needed('# {{ n1 }}', 'end')]],
    [`${folder}/data.yml`, [needed('x: 1', 'y: { x: two, z: 3 }', 'z: "{{ n1 }}"')]],
    [`${folder}/web.txt`, [needed('web')]],
    [`${folder}/conf.ini`, [needed('[s]', 'x=1', '[web]', 'x=3')]],
    [`${folder}/table.csv`, [needed('x,2', 'web,3')]],
  ]);
}

/** The templates of a component by their names, and all that they may include, import or look up. */
export function templateFiles(
  random: Random,
  { folder, names }: { folder: string; names: readonly string[] },
): Draft {
  const line = () => derived(random, 'line');
  const macro = (head: string, body: string) => needed(`{% macro ${head} %}`, body, line(), '{% endmacro %}');
  const files: Record<string, readonly Piece[]> = {
    'data.j2': [optional(`{{ ${derived(random, 'map')} | to_nice_json }}`)],
    '_part.j2': templateText(random, 'any', 4),
    'snippet.j2': templateText(random, 'any', 3),
    'x.j2': [
      needed('{{ m4.x | default("-") }} {{ m4.z | default("-") }}'),
      ...templateText(random, 'any', 2),
    ],
    '_parent.j2': [
      needed('above'),
      ...templateText(random, 'any', 2),
      needed(
        '{% block one %}',
        line(),
        '{% endblock %}',
        'between',
        `{% block two %}${derived(random, 'name')}{% endblock %}`,
      ),
    ],
    '_macros.j2': [
      needed('{% macro pair(a, b) %}', '{{ a }} is {{ b }}', '{% endmacro %}'),
      macro('show(a)', 'show {{ a }}'),
      macro('wrap(a)', '<{{ a }} {{ caller() }}>'),
      needed('{% set constant = 5 %}', 'nobody writes this'),
    ],
  };
  for (const name of names)
    files[`${name}.j2`] = random.oneIn(5)
      ? childText(random)
      : withHeader(random, [...templateText(random, 'any', 4), ...templateText(random, 'any', 5)]);
  return new Map(Object.entries(files).map(([name, pieces]) => [`${folder}/${name}`, pieces]));
}

function childText(random: Random): Piece[] {
  return [
    needed("{% extends '_parent.j2' %}"),
    ...(random.oneIn(3) ? [optional('not written')] : []),
    optional(derived(random, 'blocktag')),
  ];
}
