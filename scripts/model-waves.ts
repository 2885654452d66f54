/**
 * `npm run model [-- CRASHES FAILURES LATE AGAIN TARDY]`: walks every order of events over all 33 hosts of the model of waves,
 * with so much from the adversary; without numbers, a list of budgets, of which each takes minutes.
 */
import { explore } from '../runner/fleet/rollout/test-explore.ts';
import { REAL_PLANNER } from '../runner/fleet/rollout/test-model.ts';
import { MODEL_ROLES } from '../runner/fleet/rollout/test-world.ts';

const given = process.argv.slice(2).map(Number);
const BUDGETS = [
  [0, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [1, 0, 0, 0],
  [0, 0, 0, 0, 1],
];
let failed = false;
for (const [crashes = 0, failures = 0, late = 0, again = 0, tardy = 0] of given.length > 0
  ? [given]
  : BUDGETS) {
  const before = process.cpuUsage();
  const { states, moves, ends, wrong } = explore(
    MODEL_ROLES,
    { crashes, failures, late, again, tardy },
    REAL_PLANNER,
  );
  const budget = `${crashes} crashes, ${failures} failures, ${late} late, ${again} again, ${tardy} tardy`;
  const seconds = Math.round((process.cpuUsage(before).user + process.cpuUsage(before).system) / 1e6);
  process.stdout.write(
    `${budget}: ${states} states, ${moves} moves, ends ${JSON.stringify(ends)}, ${seconds} s of processor time\n`,
  );
  if (!wrong) continue;
  failed = true;
  process.stdout.write(`  WRONG: ${wrong.what}\n    ${wrong.path.join('\n    ')}\n`);
}
process.exitCode = failed ? 1 : 0;
