import { expect, test } from 'vitest';
import { readYaml } from '../1-load/yaml-source.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Setting } from './inventory.ts';
import { placeOfPart } from './place-of-part.ts';

function settingOf(file: string, text: string): Setting {
  const source = readYaml(file, text).value!;
  const vars = source.value as Dict;
  return {
    layer: 'host',
    value: vars.get('a')!,
    place: source.places.of(vars, 'a'),
    places: source.places,
  };
}

const upper = settingOf('upper.yml', 'a:\n  list: [1,\n    {x: 2}]\n  text: "{{ b }}"\n');
const lower = settingOf('lower.yml', '\na:\n  other: { y: 1 }\n');

test.each([
  [[], 'upper.yml:1:1'],
  [['list'], 'upper.yml:2:3'],
  [['list', 1, 'x'], 'upper.yml:3:6'],
  // Written in the lower one alone.
  [['other', 'y'], 'lower.yml:3:12'],
  // A template makes it.
  [['text', 'z'], 'upper.yml:4:3'],
  [['nowhere'], 'upper.yml:1:1'],
])('%j is at %s', (part, expected) => {
  const place = placeOfPart([upper, lower], part);
  expect(`${place?.file}:${place?.line}:${place?.column}`).toBe(expected);
});

test('without a setting there is no place', () => {
  expect(placeOfPart([], ['a'])).toBeUndefined();
  expect(placeOfPart([{ layer: 'khp', value: new Dict(), place: undefined }], ['a'])).toBeUndefined();
});
