import { expect, test } from 'vitest';
import { Dict } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import { loadYaml } from './load-yaml.ts';
import { placeOfPart, type Written } from './place-of-part.ts';

type Place = { file: string; line: number; column: number };

function settingOf(file: string, text: string): Written<Place> {
  const { value, places } = loadYaml(text);
  const vars = value as Dict;
  const of = (container: Dict | Value[], key: Value): Place | undefined => {
    const place = places.of(container, key);
    return place && { file, ...place };
  };
  return { value: vars.get('a')!, place: of(vars, 'a'), places: { of } };
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
  expect(placeOfPart([{ value: new Dict(), place: undefined }], ['a'])).toBeUndefined();
});
