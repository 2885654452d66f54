import { describe, expect, test } from 'vitest';
import { JinjaError, type Value } from '../../jinja/jinja.ts';
import { loadYaml, Templar } from '../ansible.ts';

describe('a render depends on no render before it', () => {
  /** What a render of `source` ends in, after the templar has rendered other texts. */
  function ending(earlier: readonly string[], source: string, variables: Record<string, unknown>): string {
    const templar = new Templar({ variables, texts: new Map([['f/x', '1']]) });
    const render = (text: string, name: string) => {
      try {
        return templar.renderFile(text, { name });
      } catch (error) {
        if (error instanceof JinjaError)
          return `${error.message} ${JSON.stringify([error.place, error.trace])}`;
        throw error;
      }
    };
    for (const text of earlier) render(text, 'other/t.j2');
    return render(source, 'f/t.j2');
  }

  const nested = '{% for i in range(900) %}{% for j in range(900) %}{% endfor %}{% endfor %}';
  const levels = (count: number): string => (count === 0 ? '1' : `[${levels(count - 1)}]`);
  test.each<[string, readonly string[], Record<string, unknown>]>([
    // Each of them fits; together they take too many steps.
    ['{{ a }}{{ b }}{{ c }}', ['{{ a }}', '{{ b }}', '{{ c }}'], { a: nested, b: nested, c: nested }],
    [
      '{{ a }}{{ b }}{{ c }}',
      ['{{ c }}', '{{ b }}'],
      { a: nested, b: '{{ a }}x', c: `{{ b }}{{ a }}${nested}` },
    ],
    [
      '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% else %}{{ a }}{% endif %}{% endmacro %}{{ m(110) }}',
      ['{{ a }}'],
      Object.fromEntries(
        Array.from('abcdefghijkl', (name, at, all = 'abcdefghijkl') => [
          name,
          all[at + 1] ? `{{ ${all[at + 1]} }}.` : 'x',
        ]),
      ),
    ],
    // What a loop leaves of a variable is only true inside of the loop.
    [
      '{{ a }}{{ b }}',
      ['{{ b }}'],
      {
        a: "{{ lookup('vars', 'b', errors='ignore') or 'A' }}",
        b: "{{ lookup('vars', 'a', errors='ignore') or 'B' }}",
      },
    ],
    ['{{ a }}', ['{{ a }}'], { a: "{{ lookup('first_found', 'x', errors='ignore') }}" }],
    ['{{ a[0].append(2) }}{{ a }}', ['{{ a[0].append(2) }}'], { a: ['{{ b }}'], b: levels(3) }],
  ])('%s after %j', (source, earlier, variables) => {
    expect(ending(earlier, source, variables)).toBe(ending([], source, variables));
  });

  test('what a template does to a part of a mapping shows nowhere else', () => {
    const variables = { m: { l: [1], d: { x: [2] } }, n: '{{ m }}' };
    const templar = new Templar({ variables });
    const render = (source: string) => templar.renderFile(source, { name: 't' });
    expect(render('{{ m.l.append(3) }}{{ m.d.x.append(4) }}{{ m.d.update({"y": 5}) }}{{ m }}')).toBe(
      "{'l': [1, 3], 'd': {'x': [2, 4], 'y': 5}}",
    );
    expect(render('{{ m.d.pop("x").append(6) }}{{ m.update({"l": 1}) }}{{ m }}{{ m.l is sameas m.l }}')).toBe(
      "{'l': 1, 'd': {}}True",
    );
    expect(
      render('{% for k, v in m.items() %}{{ v is mapping or v.append(7) }}{% endfor %}{{ m.l }}'),
    ).toContain('[1, 7]');
    expect(
      render(
        '{{ m == {"l": [1], "d": {"x": [2]}} }} {{ m | length }} {{ m.d is sameas m.d }} {{ m }} {{ n }}',
      ),
    ).toBe("True 2 True {'l': [1], 'd': {'x': [2]}} {'l': [1], 'd': {'x': [2]}}");
  });

  test('sets that a person wrote are not changed for others', () => {
    const set = (loadYaml('s: !!set {a}\n').value as unknown as { get(name: string): Value }).get('s');
    const variables = new Map<string, Value>([['s', set]]);
    const render = () =>
      new Templar({ variables }).renderFile("{{ s.add('b') }}{{ s | length }}", { name: 't' });
    expect([render(), render()]).toEqual(['2', '2']);
  });
});
