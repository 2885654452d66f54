import { expect, test } from 'vitest';
import { STATES } from '../../compiler/contract/state.ts';
import { explainState } from './explain-state.ts';
import {
  DIGEST,
  fileAt,
  hostWith,
  manifestWith,
  NOW,
  OTHER_DIGEST,
  promotedAt,
  reportWith,
} from './test-fleet.ts';

const problem = { code: 'accept/sequence', message: 'seq 3 is lower than 4' };
const active = {
  generation: 6,
  seq: 3,
  manifest: OTHER_DIGEST,
  release: '1.1.5',
  expires: '2027-01-01T00:00:00Z',
};
const expired = { ...promotedAt(4, manifestWith(), DIGEST)!, expires: NOW - 3600 };
const retired = {
  compiled: undefined,
  promoted: { ...promotedAt(4, manifestWith(), DIGEST)!, retire: ['*'] },
};
const orphan = {
  component: 'hadoop',
  role: 'kms',
  state: 'orphaned',
  health: 'unknown',
  pid: 4711,
  start: null,
  debt: false,
} as const;
const threeMore = manifestWith({ files: ['/a', '/b', '/c', '/d'].map((path) => fileAt(path)) });

const CASES = [
  ['unknown', { report: undefined }, 'has never reported; seq 4 is promoted'],
  ['unknown', { report: undefined, promoted: undefined }, 'has never reported; nothing is promoted'],
  ['unknown', { report: undefined, promoted: undefined, compiled: undefined }, 'has never reported'],
  [
    'silent',
    { report: reportWith({ at: '2026-11-23T06:38:20Z', result: 'failed', problem }) },
    'no report for 5 h 21 min; the last one: failed: seq 3 is lower than 4 (accept/sequence)',
  ],
  [
    'refused',
    { report: reportWith({ result: 'refused', problem }) },
    'did not accept seq 4: seq 3 is lower than 4 (accept/sequence)',
  ],
  [
    'refused',
    { report: reportWith({ result: 'refused' }), promoted: undefined },
    'did not accept what it fetched',
  ],
  [
    'failed',
    { report: reportWith({ result: 'failed', problem }) },
    'the last run failed: seq 3 is lower than 4 (accept/sequence)',
  ],
  ['rolled-back', { report: reportWith({ result: 'rolled-back', active }) }, 'went back to seq 3'],
  ['held', { report: reportWith({ result: 'held' }) }, 'stopped and waits for a person'],
  [
    'held',
    { report: reportWith({ held: { seq: 4, code: 'services/unhealthy', message: 'no answer' } }) },
    'seq 4 is held until a higher one comes: no answer (services/unhealthy)',
  ],
  [
    'orphaned',
    { report: reportWith({ services: [orphan] }) },
    'runs what it was not promoted, until it is retired: kms',
  ],
  ['waiting', { ...retired, report: reportWith({ services: [orphan] }) }, 'retired, and still runs: kms'],
  ['waiting', { ...retired, report: reportWith({ active }) }, 'seq 4 is promoted; the host runs seq 3'],
  ['current', retired, 'retired as a whole by seq 4'],
  ['orphaned', { compiled: undefined }, 'no longer compiled; goes on running seq 4'],
  ['orphaned', { promoted: undefined }, 'has no promotion; goes on running seq 4'],
  [
    'orphaned',
    { compiled: undefined, promoted: undefined },
    'no longer compiled or promoted; goes on running seq 4',
  ],
  ['expired', { promoted: expired }, 'seq 4 expired 2026-11-23 11:00 UTC, 1 h ago'],
  ['drift', { report: reportWith({ drift: ['/a'] }) }, '1 file changed on disk: /a'],
  [
    'drift',
    { report: reportWith({ drift: ['/a', '/b', '/c', '/d', '/e'] }) },
    '5 files changed on disk: /a, /b, /c and 2 more',
  ],
  ['restart', { report: reportWith({ debt: ['datanode'] }) }, 'runs with old files: datanode'],
  ['waiting', { report: reportWith({ active }) }, 'seq 4 is promoted; the host runs seq 3'],
  ['waiting', { report: reportWith({ active: null }) }, 'seq 4 is promoted; nothing was applied yet'],
  ['waiting', { promoted: promotedAt(4) }, 'seq 4 is promoted with other content than the host runs'],
  ['pending', { promoted: undefined, report: reportWith({ active: null }) }, 'compiled, never promoted'],
  [
    'pending',
    { compiled: { manifest: manifestWith({ services: [] }), digest: OTHER_DIGEST } },
    'compiled since seq 4: same files, other settings of the host',
  ],
  [
    'pending',
    { compiled: { manifest: threeMore, digest: OTHER_DIGEST } },
    'compiled since seq 4: 5 files differ, /a, /b, /c and 2 more',
  ],
  ['current', {}, 'runs seq 4, as compiled'],
] as const;

test.each(CASES)('a host that is %s (%#)', (state, changes, why) => {
  const host = hostWith(changes);
  expect(host.state).toBe(state);
  expect(explainState(host, NOW)).toBe(why);
});

test('the table has every state', () => {
  expect(new Set(CASES.map(([state]) => state))).toEqual(new Set(STATES));
});

test('what a host reports is made visible', () => {
  const hostile = { code: 'x/y', message: 'all is well\u202e\u0007' };
  const host = hostWith({ report: reportWith({ result: 'failed', problem: hostile }) });
  expect(explainState(host, NOW)).toBe('the last run failed: all is well⟨U+202E⟩␇ (x/y)');
});
