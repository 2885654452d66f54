import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleFleet } from '../sample-fleet.ts';
import { HOSTILE } from './hostile-bundles.ts';

/** Everything below a root but the caches that git fetches into, the lock and what was reported. */
function everything(root: string): string[] {
  const cache = /^var\/lib\/khp\/(?:repo\.git|reports\.git|lock|last-report|sent|spool)/;
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => !cache.test(name));
  return names.sort().map((name) => {
    const stats = lstatSync(join(root, name));
    return `${name} ${stats.mode} ${stats.isFile() ? readFileSync(join(root, name), 'latin1') : ''}`;
  });
}

/** Those that can be promoted as they are: signed by the right key, to the right ref. Some of each kind. */
const PROMOTABLE = HOSTILE.filter(
  ([, , { sample, ...others }]) => sample && Object.keys(others).length === 0,
);

test('a run that refuses writes nothing outside of its own caches', async () => {
  const fleet = await sampleFleet();
  await fleet.command('apply');
  const before = everything(fleet.root);
  const cases = PROMOTABLE.filter((_, index) => index % 4 === 0);
  expect(cases.length).toBeGreaterThan(15);
  for (const [name, code, { sample }] of cases) {
    await fleet.promote(sample!);
    const { exit, stderr } = await fleet.command('apply');
    expect(exit, name).toBe(1);
    // Some are other cases against a real clock; refused they are all the same.
    expect(stderr, name).toMatch(code === 'accept/future' ? /\[accept\// : new RegExp(`\\[${code}\\]`));
    const status = await fleet.command('status');
    expect(status.stdout, name).toMatch(/^problem {5}.* \[accept\/[a-z-]+\]$/m);
    expect(everything(fleet.root), name).toEqual(before);
  }
});
