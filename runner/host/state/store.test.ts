import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { STATE_PATH } from '../config/layout.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { DamagedState } from './read-generation.ts';
import { makeState, readState } from './store.ts';

test('a state that is a link, no JSON, or of any length is damaged, and is not read', () => {
  const root = temporaryFolder();
  const rooted = { disk: nodeDisk, root };
  makeState(rooted);
  expect(readState(rooted).watermark).toBeUndefined();
  const watermark = {
    seq: 1,
    manifest: '0'.repeat(64),
    roles: { restart: ['datanode'], retire: [] },
    signedAt: 0,
    expires: 1,
  };
  const path = join(root, STATE_PATH, 'watermark.json');
  const other = join(root, 'other');
  writeFileSync(other, JSON.stringify(watermark));
  symlinkSync(other, path);
  expect(() => readState(rooted)).toThrow(DamagedState);
  rmSync(path);
  for (const text of [
    '{',
    JSON.stringify({ ...watermark, roles: { restart: 'x', retire: [] } }),
    JSON.stringify({ ...watermark, x: 1 }),
  ]) {
    writeFileSync(path, text);
    expect(() => readState(rooted)).toThrow(DamagedState);
  }
  expect(() => readState(rooted)).toThrow('watermark.json is damaged, or written by a newer khp-runner');
  truncateSync(path, 2 ** 40);
  expect(() => readState(rooted)).toThrow(DamagedState);
  writeFileSync(path, JSON.stringify(watermark));
  expect(readState(rooted).watermark).toEqual(watermark);
});
