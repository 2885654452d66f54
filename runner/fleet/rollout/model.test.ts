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

// `npm run model` walks the larger spaces, a crash over all 33 hosts among them.
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
      ['one grant that comes too late', QUORUMS, { tardy: 1 }],
      ['two grants that come too late', FEW, { tardy: 2 }],
    ])('%s, is given anew, and all is done', (_, roles, budget) => {
      const { wrong, ends } = explore(roles, { ...QUIET, ...budget }, REAL_PLANNER);
      expect(wrong).toBeUndefined();
      expect(Object.keys(ends)).toEqual(['done']);
    });

    test.each<[string, readonly ModelRole[], Partial<Budget>]>([
      ['a restart that ends unhealthy', MODEL_ROLES, { failures: 1 }],
      ['a time limit that is over', MODEL_ROLES, { late: 1 }],
      ['a crash of a quorum, with or without a word', QUORUMS, { crashes: 1 }],
      ['a crash among datanodes, two at a time', FEW, { crashes: 1 }],
      ['a crash and a grant that comes too late', FEW, { crashes: 1, tardy: 1 }],
      ['a failure, a limit and the command given again', SMALL.slice(1), { failures: 1, late: 1, again: 1 }],
    ])('%s', (_, roles, budget) => {
      const { wrong, ends } = explore(roles, { ...QUIET, ...budget }, REAL_PLANNER);
      expect(wrong).toBeUndefined();
      expect(ends.done).toBeGreaterThan(0);
    });
  },
);

describe('hosts of roles that are still to come', PATIENT, () => {
  const crash = { ...QUIET, crashes: 1 };

  test('need not be walked: the same ends are come to, and less of what is the same', () => {
    const short = explore(SMALL, crash, REAL_PLANNER);
    const whole = explore(SMALL, { ...crash, whole: true }, REAL_PLANNER);
    expect([short.wrong, whole.wrong]).toEqual([undefined, undefined]);
    expect(Object.keys(short.ends).sort()).toEqual(Object.keys(whole.ends).sort());
    expect(short.states).toBeLessThan(whole.states);
  });

  test.each(PLANTED.filter(({ budget, few }) => !few && budget.again === 0))(
    'hide no planted bug, and find none more: $name',
    ({ planner, budget }) => {
      const whole = explore(SMALL, { ...budget, whole: true }, planner);
      expect(whole.wrong?.what).toMatch(/down|restarting|lost|debt/);
    },
  );

  test('must not hold up a step, or the walk says so', () => {
    const next: typeof REAL_PLANNER.next = (rollout, reports, now) => {
      const isDown = reports.get('datanode-01')?.services?.[0]?.state !== 'running';
      const step = REAL_PLANNER.next(rollout, reports, now);
      return isDown && rollout.waves[rollout.at]?.role === 'namenode'
        ? { rollout, grants: [], calls: [], waits: 'for datanode-01' }
        : step;
    };
    const { wrong } = explore(SMALL, QUIET, { ...REAL_PLANNER, next });
    expect(wrong?.what).toMatch(/depends on hosts of roles that are still to come/);
  });
});

describe('the model finds a planted bug', PATIENT, () => {
  test.each(PLANTED)('$name', ({ planner, budget, few }) => {
    const { wrong } = explore(few ? SMALL.slice(0, 1) : SMALL, budget, planner);
    expect(wrong?.what).toMatch(/down|restarting|lost|debt/);
  });
});
