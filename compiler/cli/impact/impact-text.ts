import type { HostVars } from '../../2-resolve/inventory.ts';
import { displayText } from '../../diagnostics/display-width.ts';
import { count, hostList } from '../diff-text.ts';
import { placeText } from '../explain/variable-text.ts';
import type { Impact, Line } from './impact.ts';
import type { Reach } from './reach.ts';

/** What edits of a line reach, for a person. */
export function impactText({ file, line }: Line, { value, line: anyEdit, any, overridden }: Impact): string {
  const [altered, ...ofValue] = linesOf(value);
  const [edited, ...ofEdit] = linesOf(anyEdit);
  const isMore = [edited, ...ofEdit].join('\n') !== [altered, ...ofValue].join('\n');
  return [
    `${displayText(file)}:${line}`,
    '',
    `its value altered: ${altered}`,
    ...ofValue,
    ...overridden.map(
      ({ variable, by, hosts }) =>
        `  ${displayText(variable)} is overridden by ${placeText(by)} on ${hostList(idsOf(hosts))}`,
    ),
    '',
    `removed, moved, renamed, a line added below it, a date, NaN or what is undefined: ${isMore ? edited : 'no more'}`,
    ...(isMore ? ofEdit : []),
    '',
    `a name there that is in use elsewhere: ${isEmpty(any) ? '' : 'up to '}${summary(any)}`,
    '',
  ].join('\n');
}

function summary(reach: Reach): string {
  const files = fileCount(reach);
  const hosts = new Set([...reach.files().values()].flat());
  const manifests = reach.manifestHosts();
  if (isEmpty(reach)) return 'reaches nothing';
  const all = new Set([...hosts, ...manifests]);
  const clusters = new Set([...all].map(({ type, cluster }) => `${type}/${cluster}`));
  const parts = [count(files, 'file'), ...(manifests.size > 0 ? [count(manifests.size, 'manifest')] : [])];
  return `${parts.join(' and ')} on ${count(all.size, 'host')} of ${count(clusters.size, 'cluster')}`;
}

function isEmpty(reach: Reach): boolean {
  return fileCount(reach) === 0 && reach.manifestHosts().size === 0;
}

/** The headline, then what is reached in any case, and what by what it decides. */
function linesOf(reach: Reach): string[] {
  const always = reachLines(reach);
  const decided = decisionLines(reach);
  const headline = always.length === 0 && decided.length > 0 ? 'reaches nothing in any case' : summary(reach);
  return [headline, ...always, ...decided];
}

function fileCount(reach: Reach): number {
  return [...reach.files().values()].reduce((sum, hosts) => sum + hosts.length, 0);
}

function reachLines(reach: Reach): string[] {
  const lines = [...reach.files()].map(
    ([path, hosts]) => `  ${displayText(path)}  ${hostList(idsOf(hosts))}`,
  );
  const manifests = idsOf(reach.manifestHosts());
  if (manifests.length > 0) lines.push(`  manifest.json  ${hostList(manifests)}`);
  if (reach.whole.size > 0) lines.push(`  files may come and go on ${hostList(idsOf(reach.whole))}`);
  return lines;
}

/** What is reached only where a variable that is true or false comes out differently. */
function decisionLines(reach: Reach): string[] {
  return reach
    .byDecision()
    .flatMap(({ variables, reach: decided }) => [
      `  only where ${variables.map((name) => `\`${displayText(name)}\``).join(' or ')} comes out differently: ${summary(decided)}`,
      ...reachLines(decided).map((line) => `  ${line}`),
    ]);
}

/** The same as data. */
export function impactJson({ file, line }: Line, impact: Impact): string {
  const parts = (one: Reach) => ({
    files: [...one.files()].map(([path, hosts]) => ({ path, hosts: idsOf(hosts) })),
    manifests: idsOf(one.manifestHosts()),
  });
  const reach = (one: Reach) => ({
    ...parts(one),
    whole: idsOf(one.whole),
    decided: one.byDecision().map(({ variables, reach: decided }) => ({ variables, ...parts(decided) })),
  });
  const overridden = impact.overridden.map(({ variable, by, hosts }) => ({
    variable,
    by,
    hosts: idsOf(hosts),
  }));
  const { value, line: anyEdit, any } = impact;
  return JSON.stringify(
    { file, line, value: reach(value), edit: reach(anyEdit), names: reach(any), overridden },
    null,
    2,
  );
}

/** `type/cluster/host`, sorted. */
function idsOf(hosts: Iterable<HostVars>): string[] {
  return Array.from(hosts, ({ type, cluster, host }) => `${type}/${cluster}/${host}`).sort();
}
