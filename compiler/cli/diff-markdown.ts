import type { DiffReport } from './diff-report.ts';
import { consequences, count, hostList, summaryLines } from './diff-text.ts';

/** Largest text that a comment of a pull request holds everywhere, with room for what stands around it. */
const MAX_LENGTH = 60_000;

/** The report for a comment of a pull request: the summary first, each group folded; cut, with a note, where it is too long. */
export function diffMarkdown(report: DiffReport): string {
  if (report.groups.length === 0) return 'Nothing changes on any host.\n';
  let text = `${summaryLines(report)
    .map((line) => `- ${line}`)
    .join('\n')}\n`;
  for (const [index, group] of report.groups.entries()) {
    const lines = group.hunks.flatMap(({ header, lines }) => [header, ...lines]);
    const fence = '`'.repeat(
      Math.max(3, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length + 1)),
    );
    const debts = consequences(group);
    const section = [
      '',
      `<details><summary><code>${escapeHtml(group.path)}</code> ${group.kind} on ${count(group.hosts.length, 'host')} (+${group.added} -${group.removed})</summary>`,
      '',
      `${hostList(group.hosts)}${debts.length > 0 ? `; ${debts.join(', ')}` : ''}`,
      '',
      `${fence}diff`,
      ...lines,
      fence,
      '',
      '</details>',
      '',
    ].join('\n');
    if (text.length + section.length > MAX_LENGTH) {
      return `${text}\n${count(report.groups.length - index, 'more group')} not shown: too long for a comment.\n`;
    }
    text += section;
  }
  return text;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]!);
}
