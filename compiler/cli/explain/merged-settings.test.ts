import { expect, test } from 'vitest';
import type { Setting } from '../../2-resolve/inventory.ts';
import { mergeValue } from '../../ansible/values/merge-hash.ts';
import { settingOfPart } from '../../ansible/yaml/place-of-part.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { mergedLeaves } from './merged-settings.ts';

/** Numbers from 0 up to a limit, always the same ones. */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % limit;
  };
}

/** A value of any kind, often a mapping of the same few keys. */
function anyValue(next: (limit: number) => number, depth: number): Value {
  const kind = next(depth === 0 ? 2 : 8);
  if (kind === 0) return null;
  if (kind === 1) return next(3);
  if (kind === 2) return [next(3)];
  const mapping = new Dict();
  for (const key of ['a', 'b', 'c']) if (next(5) < 2) mapping.set(key, anyValue(next, depth - 1));
  return mapping;
}

function settingOf(value: Value, layer: Setting['layer'] = 'cluster'): Setting {
  return { value, layer, place: undefined };
}

/** The leaves of a value by their paths. */
function flat(value: Value, path: readonly Value[] = []): string[] {
  if (!(value instanceof Dict) || value.size === 0) return [JSON.stringify([path, plain(value)])];
  return [...value].flatMap(([key, item]) => flat(item, [...path, key]));
}

function plain(value: Value): unknown {
  return value instanceof Dict ? Object.fromEntries(value as never) : value;
}

function leavesAsFlat(settings: readonly Setting[], steps: readonly Value[]): string[] {
  return mergedLeaves(settings, steps, []).map(({ setting, path }) =>
    JSON.stringify([path, plain(settingOfPart(setting, path).value!)]),
  );
}

const merge = (highestFirst: readonly Value[]): Value =>
  highestFirst.reduceRight((low, up) => mergeValue(low, up));

test('the leaves are those of what is merged, in whatever steps', () => {
  const next = chance(7);
  let cut = 0;
  for (let round = 0; round < 3000; round++) {
    const layers = (count: number) => Array.from({ length: count }, () => anyValue(next, 3));
    const host = Array.from({ length: 1 + next(3) }, () => layers(1 + next(3)));
    const below = layers(next(3));
    const settings = [
      ...host.flat().map((value) => settingOf(value)),
      ...below.map((value) => settingOf(value, 'component defaults')),
    ];
    const steps = host.map(merge);
    const expected = merge([...steps, ...below]);
    if (flat(expected).join() !== flat(merge(settings.map(({ value }) => value))).join()) cut++;
    expect(leavesAsFlat(settings, steps.toReversed()).sort()).toEqual(flat(expected).sort());
  }
  // Where a host replaces a mapping by what is none and that by another mapping, what is below both comes through.
  expect(cut).toBeGreaterThan(10);
});

test('a part of a mapping, of a list, and of what is written as a text', () => {
  const upper = settingOf(new Dict([['m', new Dict([['a', null]])]]));
  const lower = settingOf(
    new Dict([
      [
        'm',
        new Dict([
          ['a', 1],
          ['b', 2],
        ]),
      ],
      ['list', [1]],
    ]),
  );
  const leaves = (path: Value[]) =>
    mergedLeaves([upper, lower], [], path).map((leaf) => [
      leaf.setting === upper ? 'upper' : 'lower',
      ...leaf.path,
    ]);
  expect(leaves(['m'])).toEqual([
    ['upper', 'm', 'a'],
    ['lower', 'm', 'b'],
  ]);
  expect(leaves(['m', 'a'])).toEqual([['upper', 'm', 'a']]);
  expect(leaves(['list', 0])).toEqual([['lower', 'list']]);
  expect(leaves(['m', 'c'])).toEqual([]);
});
