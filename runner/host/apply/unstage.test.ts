import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleFleet } from '../sample-fleet.ts';

test('what somebody put in the place of a temporary file is left there, and the host can go on', async () => {
  const fleet = await sampleFleet();
  await fleet.promote({ files: { '/etc/hadoop/conf/core-site.xml': 'x' } });
  const folder = join(fleet.root, 'etc/hadoop/conf');
  const inTheWay = join(folder, '.khp-1-0');
  mkdirSync(inTheWay, { recursive: true });
  const blocked = await fleet.command('apply');
  expect(blocked).toMatchObject({ exit: 1, stderr: expect.stringContaining('apply/not-staged') });
  expect(existsSync(join(fleet.root, 'var/lib/khp/journal.json'))).toBe(false);
  rmdirSync(inTheWay);
  expect(await fleet.command('apply')).toMatchObject({ exit: 0 });
  expect(existsSync(join(folder, 'core-site.xml'))).toBe(true);
});
