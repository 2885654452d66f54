import { expect, test } from 'vitest';
import { progressText } from './fleet-progress.ts';

test('progress says hosts, files, rate, and the time left once the number of hosts is known', () => {
  const state = { verb: 'compiled', hosts: 1200, files: 30_000, total: 9800, seconds: 3 };
  expect(progressText(state)).toBe('compiled 1200 of 9800 hosts, 30000 files, 400 hosts/s, 0:22 left');
  expect(progressText({ ...state, hosts: 0 })).toBe('compiled 0 of 9800 hosts, 30000 files, 0 hosts/s');
  expect(progressText({ ...state, total: undefined })).toBe('compiled 1200 hosts, 30000 files, 400 hosts/s');
  expect(progressText({ ...state, hosts: 10, seconds: 1 })).toContain('16:19 left');
});
