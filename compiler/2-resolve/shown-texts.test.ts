import { expect, it } from 'vitest';
import { loadYaml } from '../ansible/yaml/load-yaml.ts';
import type { Value } from '../jinja/values/value.ts';
import { ansibleJson, NotJson } from './ansible-json.ts';
import { NoRoom, Room } from './room.ts';
import { ShownTexts } from './shown-texts.ts';

// The last three are values that Ansible stops at, for want of a password, or of an order.
it.each([
  ['text', 'text', '"text"'],
  ["[a, 'it''s', 1.0, ~, yes]", `['a', "it's", 1.0, None, True]`, undefined],
  ['{a: {1: b}}', "{'a': {1: 'b'}}", undefined],
  ['!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  31\n', '!vault', undefined],
  ['[!vault x]', '[!vault]', undefined],
  ['!!set {b, a}', "{'b', 'a'}", undefined],
])('%s is shown as %s', (yaml, text, json) => {
  const { value } = loadYaml(yaml);
  expect(new ShownTexts(new Room()).of(value)).toBe(text);
  if (json !== undefined) expect(ansibleJson(value, { sortKeys: true, indent: 0 })).toBe(json);
});

it('prints nothing as JSON where there is a set, as Ansible does', () => {
  const { value } = loadYaml('a: !!set {b}');
  expect(() => ansibleJson(value, { sortKeys: true, indent: 0 })).toThrow(NotJson);
});

it('takes room for each time that a list is shown, though it writes it once', () => {
  const room = new Room();
  const texts = new ShownTexts(room);
  const list: Value[] = Array.from({ length: 100_000 }, () => 1);
  const line = texts.of([list, list]);
  expect(line).toBe(`[${texts.of(list)}, ${texts.of(list)}]`);
  expect(() => {
    for (;;) texts.of(list);
  }).toThrow(NoRoom);
});
