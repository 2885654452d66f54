import { expect, test } from 'vitest';
import { during, Phases } from './phases.ts';

test('a phase within another counts for itself, whatever it ends in, and together they are no longer than the run', async () => {
  let now = 1_000;
  const pass = (ms: number, result?: string) => {
    now += ms;
    return result;
  };
  const phases = new Phases(() => now);
  expect(phases.during('fetch', () => pass(5, 'x'))).toBe('x');
  await phases.during('services', async () => {
    pass(10);
    await phases.during('stop', async () => {
      await Promise.resolve();
      pass(300);
    });
    await expect(
      phases.during('start', async () => {
        pass(2_000);
        throw new Error('it ended');
      }),
    ).rejects.toThrow('it ended');
    pass(1);
  });
  pass(7);
  expect(() => phases.during('plan', () => JSON.parse(pass(2.4, '')!))).toThrow();
  phases.during('fetch', () => pass(6));
  expect(phases.taken()).toEqual({ fetch: 11, plan: 2, stop: 300, start: 2_000, services: 11 });
  expect(Object.keys(phases.taken())).toEqual(['fetch', 'plan', 'stop', 'start', 'services']);
  expect(during({}, 'fetch', () => 1)).toBe(1);
});
