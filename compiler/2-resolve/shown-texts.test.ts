import { expect, it } from 'vitest';
import { loadYaml } from '../ansible/yaml/load-yaml.ts';
import { ansibleJson, NotJson } from './ansible-json.ts';
import { Room } from './room.ts';
import { shownText } from './shown-text.ts';

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
  expect(shownText(value, new Room())).toBe(text);
  if (json !== undefined) expect(ansibleJson(value, { sortKeys: true, indent: 0 })).toBe(json);
});

it('prints nothing as JSON where there is a set, as Ansible does', () => {
  const { value } = loadYaml('a: !!set {b}');
  expect(() => ansibleJson(value, { sortKeys: true, indent: 0 })).toThrow(NotJson);
});
