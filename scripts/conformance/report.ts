import type { Result } from './case.ts';
import type { Found, SuiteReport } from './suite-report.ts';

/** Prints what a run found: each difference with its smallest case, as `describe` tells it, then the totals. */
export function printReport<Test, Answer>(
  report: SuiteReport<Test, Answer>,
  describe: (found: Found<Test, Answer>) => string,
): void {
  for (const found of report.differences) console.log(`${describe(found)}\n`);
  const { suite, cases, equal, otherMessage, unstable, different, seconds } = report;
  console.log(`${suite}: ${cases} cases in ${seconds.toFixed(0)} s`);
  console.log(`  ${equal} equal (${otherMessage} of them with the message of the error worded otherwise)`);
  console.log(`  ${unstable} that depend on the moment in the real program`);
  for (const [reason, count] of Object.entries(report.explained))
    console.log(`  ${count} explained: ${reason}`);
  console.log(`  ${different} different`);
  for (const [kind, count] of countKinds(report.differences)) console.log(`    ${count} ${kind}`);
}

/** A template that differs, in words. */
export function describeTemplate({ difference, smallest, expected, actual, cases }: Found): string {
  const { entry, env, context, source, feature } = smallest;
  const settings = JSON.stringify({ ...(entry === 'render' ? {} : { entry }), ...env });
  const lines = [
    `${difference.kind} ${difference.cause} (${cases} cases; ${feature})`,
    `  source   ${JSON.stringify(source)}${settings === '{}' ? '' : `  ${settings}`}`,
    ...(Object.keys(context).length > 0 ? [`  context  ${JSON.stringify(context).slice(0, 400)}`] : []),
    `  expected ${show(expected)}`,
    `  got      ${show(actual)}`,
  ];
  return lines.join('\n');
}

function show(result: Result): string {
  if (result.skip !== undefined) return `nothing: ${result.skip}`;
  return result.error ? `${result.error.class}: ${result.error.message}` : JSON.stringify(result.output);
}

function countKinds(differences: readonly Found<unknown, unknown>[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { difference, cases } of differences) {
    counts.set(difference.kind, (counts.get(difference.kind) ?? 0) + cases);
  }
  return [...counts];
}
