import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportRef } from '../../../compiler/contract/names.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { sampleReport } from '../../../compiler/contract/sample-report.ts';
import { git } from '../../../compiler/git/repository.ts';
import { sampleFleet } from '../sample-fleet.ts';
import { isDue } from './is-due.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';
const REF = reportRef('dn1.example');

describe('sendReport', () => {
  test('spools reports while the target is away, and sends them in order', async () => {
    const fleet = await sampleFleet();
    renameSync(fleet.reports.gitDir, `${fleet.reports.gitDir}.away`);
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    const away = await fleet.command('apply');
    expect(away).toMatchObject({ exit: 0, stderr: expect.stringContaining('waits to be sent') });
    await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });
    await fleet.command('apply');
    expect((await fleet.command('status')).stdout).toContain('2 wait to be sent');
    renameSync(`${fleet.reports.gitDir}.away`, fleet.reports.gitDir);
    expect((await fleet.command('apply')).stderr).toBe('');
    const { stdout: log } = await git(fleet.reports, ['log', '--reverse', '--format=%s', REF]);
    expect(log.toString()).toBe(
      ['applied', 'applied', 'unchanged'].map((result) => `report dn1.example: ${result}\n`).join(''),
    );
    expect((await fleet.command('status')).stdout).not.toContain('wait');
  });

  test('what was applied is told and sent though the host cannot keep its report', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    mkdirSync(join(fleet.root, 'var/lib/khp/last-report.json'), { recursive: true });
    expect(await fleet.command('apply')).toEqual({
      exit: 1,
      stdout: expect.stringContaining('applied'),
      stderr: expect.stringMatching(/^khp-runner: the report is not kept: EISDIR/),
    });
    expect(await fleet.report()).toMatchObject({ result: 'applied', written: [CORE] });
    mkdirSync(join(fleet.root, 'var/lib/khp/sent.json.new'));
    await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });
    expect(await fleet.command('apply')).toEqual({
      exit: 1,
      stdout: expect.stringContaining('applied'),
      stderr: expect.stringMatching(/the report is not sent: EISDIR/),
    });
  });

  test('a host that lost its state goes on from the report that is there', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    await fleet.command('apply');
    renameSync(join(fleet.root, 'var/lib/khp'), join(fleet.root, 'var/lib/old'));
    expect(await fleet.command('apply')).toMatchObject({ exit: 0, stderr: '' });
    const { stdout: count } = await git(fleet.reports, ['rev-list', '--count', REF]);
    expect(count.toString().trim()).toBe('2');
  });
});

describe('isDue', () => {
  const report = sampleReport();
  const NOW = 1_800_000_000;
  const due = (change: Partial<Report>, age: number) =>
    isDue({ ...report, ...change }, { report, at: NOW - age }, NOW);

  test('the first report, every event and every change of state are', () => {
    expect(isDue(report, undefined, NOW)).toBe(true);
    expect(due({ result: 'applied' }, 1)).toBe(true);
    expect(due({ drift: ['/etc/a'] }, 1)).toBe(true);
    expect(due({ unmounted: ['/data/1'] }, 1)).toBe(true);
    expect(due({ late: ['datanode'] }, 1)).toBe(true);
    expect(due({ problem: { code: 'accept/expired', message: 'x' } }, 1)).toBe(true);
    expect(due({ runner: '0.2.0' }, 1)).toBe(true);
  });

  test('the same again is within an hour, spread by the name of the host', () => {
    expect(due({ at: '2027-01-15T08:01:00Z', duration_ms: 5 }, 60)).toBe(false);
    expect(due({}, 2699)).toBe(false);
    expect(due({}, 3600)).toBe(true);
    const firstDue = (host: string) => {
      const last = { report: { ...report, host }, at: NOW };
      return Array.from({ length: 3601 }, (_, age) => age).find((age) => isDue(last.report, last, NOW + age));
    };
    const ages = Array.from({ length: 50 }, (_, number) => firstDue(`dn${number}.example`)!);
    expect(Math.min(...ages)).toBeGreaterThan(2700);
    expect(new Set(ages).size).toBeGreaterThan(40);
  });

  test('a clock that was set back silences nobody', () => {
    expect(due({}, -10)).toBe(true);
  });
});
