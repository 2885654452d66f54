import { expect, test } from 'vitest';
import * as z from 'zod';
import { checkSchema } from './check-schema.ts';
import { readYaml } from './yaml-source.ts';

const Named = z.record(z.string(), z.strictObject({ size: z.int() }));

test('a name that no schema can see is an error, and the rest counts', () => {
  const { value: source } = readYaml(
    'a.yml',
    'a: { size: 1 }\n__proto__: { size: 2 }\nb: { size: 3, __proto__: 1 }\n',
  );
  const { value, diagnostics } = checkSchema(Named, source!);
  expect(value).toEqual({ a: { size: 1 }, b: { size: 3 } });
  expect(diagnostics.map(({ code, place, message }) => [code, place?.line, place?.column, message])).toEqual([
    ['load/unknown-key', 2, 1, '`__proto__` cannot be a name'],
    ['load/unknown-key', 3, 15, '`__proto__` cannot be a name'],
  ]);
});

test('an entry of which too little is left is left out alone, and its mistakes are told once', () => {
  const Full = z.strictObject({ size: z.int().optional() }).refine(({ size }) => size !== undefined, 'sized');
  const { value: source } = readYaml('a.yml', 'a: { size: x }\nb: { size: 2 }\nc: {}\n');
  const { value, diagnostics } = checkSchema(z.record(z.string(), Full), source!);
  expect(value).toEqual({ b: { size: 2 } });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '`a.size` must be a number, not text',
    '`c` must be sized',
  ]);
});
