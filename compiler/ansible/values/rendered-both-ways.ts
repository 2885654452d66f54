import { Dict, fromJson, type Value } from '../../jinja/jinja.ts';
import { cutAtHoles, fillHoles, HOLE_NAMES, HoleText, holdsHole, Templar, withHoles } from '../ansible.ts';
import type { Read } from '../templar/read-recorder.ts';

/** The names that stand for those of all hosts. */
export const VALUES = { inventory_hostname: 'db-1.example', inventory_hostname_short: 'db-1' };

const TEXTS = {
  'i.j2': 'i {{ inventory_hostname }}',
  'm.j2': '{% macro m(x) %}m {{ x }}{% endmacro %}',
  'db-1.example.j2': 'own',
  'db-1.example.txt': 'own',
  'b.j2': '{% block b %}base{% endblock %}',
};

function templar(names: Readonly<Record<string, Value>>) {
  const variables = new Map<string, Value>([
    ['own', '{{ inventory_hostname }}'],
    ['path', '/data/{{ inventory_hostname_short }}/x'],
    ['deep', fromJson({ core: { dir: '/tmp/{{ inventory_hostname_short }}', n: 1 }, list: ['{{ own }}'] })],
    ['listed', '[{{ inventory_hostname }}]'],
    ['mapped', "{'a': '{{ inventory_hostname }}'}"],
    ['truth', 'T{{ inventory_hostname }}'],
    ['listJoined', `{{ '[1, "' ~ inventory_hostname ~ '"]' }}`],
    ['listCaptured', `{% set x %}[1, "{{ inventory_hostname }}"]{% endset %}{{ x }}`],
    ['mapJoined', `{{ "{'a': '" ~ inventory_hostname ~ "'}" }}`],
    ['truthJoined', "{{ 'T' ~ inventory_hostname }}"],
    ['markup', '{{ inventory_hostname | e }}'],
    ['asks', "{{ inventory_hostname == 'db-1.example' }}"],
    ['groups', fromJson({ db: ['db-1.example', 'db-2.example'], web: ['w1'], 'db-1.example': ['x'] })],
    ['hostvars', new Dict([['db-1.example', new Dict([['a', 1]])]])],
    ['names', fromJson({ 'db-1.example': 'found' })],
    ...Object.entries(names),
  ]);
  return new Templar({ variables, texts: new Map(Object.entries(TEXTS)) });
}

/** What a template gives with the names, with holes for them, and what it asked of them meanwhile. */
export function renderedBothWays(source: string) {
  const file = { name: 't.j2' };
  let plain: string | undefined;
  try {
    plain = templar(VALUES).renderFile(source, file);
  } catch {}
  const asked: Read[] = [];
  const holes = Object.fromEntries(HOLE_NAMES.map((name) => [name, HoleText.of(name)]));
  const held = withHoles({ values: VALUES, tell: (read) => asked.push(read) }, () => {
    try {
      return templar(holes).renderFile(source, file);
    } catch (error) {
      // An error of the template has whoever renders do it again.
      if (error instanceof Error && 'entered' in error) return undefined;
      throw error;
    }
  });
  const filled = held?.value === undefined ? undefined : fillHoles(cutAtHoles(held.value), VALUES);
  return { plain, filled, asked, isHeld: held?.value !== undefined && holdsHole(held.value) };
}
