import type { Report } from '../../../compiler/contract/report.ts';
import type { Rollout } from '../../../compiler/contract/rollout.ts';
import { nextWave } from './next-wave.ts';
import { planRollout } from './plan-rollout.ts';
import { resumeRollout } from './resume-rollout.ts';
import { type Budget, type Planner, REAL_PLANNER } from './test-model.ts';

/** For tests: planners that are wrong in one thing, and what the adversary needs to show it. */
export interface PlantedBug {
  readonly name: string;
  readonly planner: Planner;
  readonly budget: Budget;
  /** Whether the namenodes alone are enough to show it. */
  readonly few?: boolean;
}

const QUIET: Budget = { crashes: 0, failures: 0, late: 0, again: 0 };

type Next = Planner['next'];

/** The next step by changed reports. */
function byReports(change: (report: Report, rollout: Rollout) => Report): Next {
  return (rollout, reports, now) => {
    const changed = Array.from(reports, ([host, report]) => [host, change(report, rollout)] as const);
    return nextWave(rollout, new Map(changed), now);
  };
}

function healthy(report: Report): Report {
  const services = report.services!.map((one) => ({
    ...one,
    state: 'running' as const,
    health: 'healthy' as const,
  }));
  return { ...report, result: 'unchanged', held: null, services };
}

const ignoresLimits: Next = (rollout, reports, now) => {
  const roles = rollout.roles.map((role) => ({ ...role, limit: 99 }));
  const step = nextWave({ ...rollout, roles }, reports, now);
  const isSame = step.grants.length === 0 && step.calls.length === 0 && step.waits !== '';
  return { ...step, rollout: isSame ? rollout : { ...step.rollout, roles: rollout.roles } };
};

const goesOnAtOnce: Next = (rollout, reports, now) => {
  const step = nextWave(rollout, reports, now);
  const wave = rollout.waves[rollout.at];
  const isGranted = wave?.hosts.every(({ host }) => rollout.grants.some((grant) => grant.host === host));
  if (step.rollout !== rollout || !isGranted || rollout.state !== 'running') return step;
  return { ...step, rollout: { ...rollout, at: rollout.at + 1 }, waits: '' };
};

const twoAtOnce: Planner['plan'] = (facts) => {
  const { value, diagnostics } = planRollout(facts);
  if (!value) return { value, diagnostics };
  const roles = value.roles.map((role) => (role.role === 'namenode' ? { ...role, limit: 2 } : role));
  const [first, second, ...rest] = value.waves.filter(({ role }) => role === 'namenode');
  if (!second) return { value, diagnostics };
  const merged = { ...first!, hosts: [...first!.hosts, ...second.hosts] };
  const waves = value.waves.filter((wave) => wave !== second && !rest.includes(wave));
  return {
    value: { ...value, roles, waves: [...waves.map((w) => (w === first ? merged : w)), ...rest] },
    diagnostics,
  };
};

/** For tests: what the model must find. */
export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'limits are ignored',
    planner: { ...REAL_PLANNER, next: ignoresLimits },
    budget: { ...QUIET, crashes: 1 },
    few: true,
  },
  {
    name: 'a wave does not wait for the last',
    planner: { ...REAL_PLANNER, next: goesOnAtOnce },
    budget: QUIET,
  },
  { name: 'two namenodes stand in one wave', planner: { ...REAL_PLANNER, plan: twoAtOnce }, budget: QUIET },
  {
    name: 'the roll is not called',
    planner: {
      ...REAL_PLANNER,
      next: (rollout, reports, now) => {
        const step = nextWave({ ...rollout, called: rollout.at }, reports, now);
        return step.waits === '' ? step : { ...step, rollout };
      },
    },
    budget: { ...QUIET, crashes: 1 },
  },
  {
    name: 'failures are taken for successes',
    planner: {
      ...REAL_PLANNER,
      next: byReports((report) => ({
        ...healthy(report),
        services: healthy(report).services!.map((one) => ({ ...one, debt: report.held ? false : one.debt })),
      })),
    },
    budget: { ...QUIET, failures: 1 },
  },
  {
    name: 'hosts outside of the wave are taken for healthy',
    planner: {
      ...REAL_PLANNER,
      next: byReports((report, { waves, at }) =>
        waves[at]?.hosts.some(({ host }) => host === report.host) ? report : healthy(report),
      ),
    },
    budget: { ...QUIET, crashes: 1 },
  },
  {
    name: 'hosts that do not answer are taken for down',
    planner: {
      ...REAL_PLANNER,
      next: byReports((report, { calls }) => {
        const call = calls.find(({ host }) => host === report.host);
        if (!call || report.active!.expires >= call.expires) return report;
        const services = report.services!.map((one) => ({ ...one, state: 'stopped' as const }));
        return { ...report, active: { ...report.active!, expires: call.expires }, services };
      }),
    },
    budget: { ...QUIET, late: 1, again: 1, crashes: 1 },
    few: true,
  },
  {
    // Without the second half nothing goes wrong: to answer a roll call, a host comes to what it was granted.
    name: 'grants are forgotten and the roll is not called when the command is given again',
    planner: {
      ...REAL_PLANNER,
      plan: (facts) => {
        const { value, diagnostics } = planRollout({ ...facts, last: undefined });
        return { value: value && { ...value, called: facts.last ? 0 : null }, diagnostics };
      },
      resume: (rollout, reports, now) => {
        return { ...resumeRollout(rollout, reports, now), grants: [], called: rollout.at };
      },
    },
    budget: { ...QUIET, late: 1, again: 1 },
  },
];
