import type { Plan, Step } from './plan.ts';
import type { LinkMove } from './plan-links.ts';

/** What would be done to services, by role, in order; missing where nobody runs them. */
interface Restarts {
  readonly retire?: readonly string[];
  readonly stop?: readonly string[];
  readonly start?: readonly string[];
  readonly owed?: readonly string[];
  /** Roles whose grant has ended unused. */
  readonly late?: readonly string[];
}

/** A plan as lines to read: what would be done, in order, then what is left, and what is in the way. */
export function formatPlan(plan: Plan & Restarts): string {
  const { retire = [], stop = [], start = [], owed = [], late = [] } = plan;
  const lines = [
    ...plan.unstaged.map(
      ({ component, version, url, size }) => `fetch    ${component} ${version} (${size} bytes) from ${url}`,
    ),
    ...plan.steps.map(formatStep),
    ...plan.waiting.map(
      (link) => `wait     ${formatLink(link)}, until the services of ${link.component} are stopped`,
    ),
    ...retire.map((role) => `retire   ${role}`),
    ...stop.map((role) => `stop     ${role}`),
    ...start.map((role) => `start    ${role}`),
    ...owed.map((role) => `owe      ${role} a restart, which is not granted`),
    ...late.map((role) => `late     the grant of ${role} has ended, and is given anew by promote --restart`),
    ...plan.left.map(({ path, why }) => `leave    ${path}: ${why}`),
    ...plan.obstacles.map(({ path, why }) => `blocked  ${path}: ${why}`),
  ];
  if (plan.obstacles.length > 0) lines.push('nothing would be applied');
  else if (plan.steps.length === 0) {
    const isIdle = retire.length + stop.length + start.length === 0;
    lines.push(
      plan.advances
        ? 'a new generation without a change of files'
        : isIdle
          ? 'nothing to do'
          : 'no change of files',
    );
  } else lines.push(`${plan.steps.length} step${plan.steps.length === 1 ? '' : 's'}`);
  return `${lines.join('\n')}\n`;
}

function formatStep(step: Step): string {
  switch (step.kind) {
    case 'make-directory':
    case 'adjust-directory': {
      const { path, mode, owner, group } = step.entry;
      return `${step.kind === 'make-directory' ? 'mkdir   ' : 'adjust  '} ${path} (${mode} ${owner}:${group})`;
    }
    case 'write': {
      const { path, mode, owner, group, size } = step.entry;
      const saved = step.save ? ', what is there is saved' : '';
      return `${step.isNew ? 'create  ' : 'write   '} ${path} (${mode} ${owner}:${group}, ${size} bytes${saved})`;
    }
    case 'remove':
      return `remove   ${step.path}${step.save ? ' (what is there is saved)' : ''}`;
    case 'link':
      return `link     ${formatLink(step)}`;
  }
}

function formatLink({ path, target, from }: LinkMove): string {
  return `${path} → ${target}${from === null ? '' : ` (now ${from})`}`;
}
