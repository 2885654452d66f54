import { describe, expect, test } from 'vitest';
import { PLANTED } from './test-bugs.ts';
import { explore } from './test-explore.ts';
import { type Budget, REAL_PLANNER } from './test-model.ts';
import { MODEL_ROLES, type ModelRole } from './test-world.ts';

const QUIET: Budget = { crashes: 0, failures: 0, late: 0, again: 0 };
const QUORUMS = MODEL_ROLES.filter(({ role }) => role !== 'datanode');
const SMALL: ModelRole[] = [
  { role: 'namenode', count: 3, after: [], max: 2 },
  { role: 'datanode', count: 4, after: ['namenode'], max: '50%' },
];
const FEW: ModelRole[] = [{ role: 'datanode', count: 6, after: [], max: '34%' }];

// `npm run model` walks the larger spaces: every budget over all 33 hosts.
const PATIENT = { timeout: 300_000 };

describe(
  'every order of events over 3 namenodes, 5 journalnodes, 5 zookeepers and 20 datanodes',
  PATIENT,
  () => {
    test('with slow reports, every restart is done and nothing else can be the end', () => {
      const { wrong, ends, states } = explore(MODEL_ROLES, QUIET, REAL_PLANNER);
      expect(wrong).toBeUndefined();
      expect(ends).toEqual({ done: 1 });
      expect(states).toBeGreaterThan(5000);
    });

    test.each<[string, readonly ModelRole[], Partial<Budget>]>([
      ['a restart that ends unhealthy', MODEL_ROLES, { failures: 1 }],
      ['a time limit that is over', MODEL_ROLES, { late: 1 }],
      ['a crash of a quorum, with or without a word', QUORUMS, { crashes: 1 }],
      ['a crash among datanodes, two at a time', FEW, { crashes: 1 }],
      ['a failure, a limit and the command given again', SMALL.slice(1), { failures: 1, late: 1, again: 1 }],
    ])('%s', (_, roles, budget) => {
      const { wrong, ends } = explore(roles, { ...QUIET, ...budget }, REAL_PLANNER);
      expect(wrong).toBeUndefined();
      expect(ends.done).toBeGreaterThan(0);
    });
  },
);

describe('the model finds a planted bug', PATIENT, () => {
  test.each(PLANTED)('$name', ({ planner, budget, few }) => {
    const { wrong } = explore(few ? SMALL.slice(0, 1) : SMALL, budget, planner);
    expect(wrong?.what).toMatch(/down|restarting|lost|debt/);
  });
});
