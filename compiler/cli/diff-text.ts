import { styleText } from 'node:util';
import type { ChangeGroup } from '../4-seal/group-changes.ts';
import type { DiffReport } from './diff-report.ts';
import { hostRanges } from './host-ranges.ts';

const SHOWN_RANGES = 4;
const SIGN = { added: '+', removed: '-', changed: '~' } as const;

/** The report for a terminal. */
export function diffText(report: DiffReport, color: boolean): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  if (report.groups.length === 0) return 'nothing changes\n';
  const lines: string[] = [];
  for (const group of report.groups) {
    lines.push(`${style('bold', `${SIGN[group.kind]} ${group.path}`)}  +${group.added} -${group.removed}`);
    lines.push(`  on ${hostList(group.hosts)}`);
    for (const line of consequences(group)) lines.push(style('yellow', `  ${line}`));
    for (const hunk of group.hunks) {
      lines.push(style('cyan', `  ${hunk.header}`));
      for (const line of hunk.lines) lines.push(style(lineColor(line), `  ${line}`));
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n${summaryLines(report).join('\n')}\n`;
}

function lineColor(line: string): 'green' | 'red' | 'reset' {
  if (line.startsWith('+')) return 'green';
  return line.startsWith('-') ? 'red' : 'reset';
}

/** What an edit asks of the daemons. */
export function consequences({ restart, reload }: Pick<ChangeGroup, 'restart' | 'reload'>): string[] {
  const say =
    (verb: string) =>
    ([role, hosts]: [string, readonly string[]]) =>
      `${verb} ${role} on ${count(hosts.length, 'host')}`;
  return [...[...restart].map(say('restart')), ...[...reload].map(say('reload'))];
}

/** The report in two lines or more: how much changes, and what must restart. */
export function summaryLines(report: DiffReport): string[] {
  const { changes, hosts, clusters } = report;
  const total = `${count(changes, 'change')} on ${count(hosts.length, 'host')} of ${count(clusters.length, 'cluster')}: ${clusters.join(', ')}`;
  const debts = consequences(report);
  return [total, ...(debts.length > 0 ? debts : ['no daemon must restart'])];
}

/** `7 hosts: alpha/hadoop-x/hadoop-x-[4:10].example`; of a long list the first ranges, the rest counted. */
export function hostList(hosts: readonly string[]): string {
  const clusters = Map.groupBy(hosts, (host) => host.slice(0, host.lastIndexOf('/') + 1));
  const ranges = [...clusters].flatMap(([cluster, members]) =>
    hostRanges(members.map((host) => host.slice(cluster.length))).map((range) => cluster + range),
  );
  const more = ranges.length > SHOWN_RANGES ? ', ...' : '';
  return `${count(hosts.length, 'host')}: ${ranges.slice(0, SHOWN_RANGES).join(', ')}${more}`;
}

/** `1 host`, `2 hosts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
