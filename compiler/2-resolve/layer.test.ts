import { expect, it } from 'vitest';
import { loadYaml } from '../ansible/yaml/load-yaml.ts';
import type { Dict } from '../jinja/values/dict.ts';
import { layerOfFile, NO_VARS, overlay, overlayAll, type Vars } from './layer.ts';

const NO_PLACES = { of: () => undefined };

const layer = (text: string): Vars => {
  const { value } = loadYaml(text);
  return layerOfFile('inventory group vars', { file: text, vars: value as Dict, places: NO_PLACES });
};

// Of equal layers, and of equal keys, more counts than the values.
const LAYERS = [
  '{}',
  '{a: {x: 1}, b: 1}',
  '{b: 1, a: {x: 1}}',
  '{a: {y: 2}}',
  '{c: 3}',
  '{1: a}',
  '{true: a}',
];

it.each(['replace', 'merge'] as const)('lays layers upon each other under %s as one by one', (behaviour) => {
  for (const first of LAYERS)
    for (const second of LAYERS)
      for (const third of LAYERS) {
        const layers = [first, second, third, second].map(layer);
        const before = layers.map((vars) => [...vars]);
        const oneByOne = layers.reduce((lower, upper) => overlay(lower, upper, behaviour), NO_VARS);
        expect([...overlayAll(layers, behaviour)]).toEqual([...oneByOne]);
        expect(layers.map((vars) => [...vars])).toEqual(before);
      }
});
