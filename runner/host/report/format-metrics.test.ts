import { expect, test } from 'vitest';
import { sampleReport } from '../../../compiler/contract/sample-report.ts';
import { formatMetrics } from './format-metrics.ts';

const report = sampleReport({
  result: 'held',
  at: '2027-01-15T08:00:00Z',
  active: {
    generation: 4,
    seq: 9,
    manifest: 'a'.repeat(64),
    release: '1.0',
    expires: '2027-02-15T08:00:00Z',
  },
  problem: { code: 'apply/held', message: 'x' },
  held: { seq: 10, code: 'apply/held', message: 'x' },
  drift: ['/etc/a'],
  unmounted: ['/data/1', '/data/2'],
  debt: ['datanode'],
  services: [
    {
      component: 'hadoop',
      role: 'datanode',
      state: 'running',
      health: 'unhealthy',
      pid: 1,
      start: null,
      debt: true,
    },
  ],
  duration_ms: 1500,
  phases_ms: { fetch: 40, start: 1200 },
});

test('a run in the text format of Prometheus: every name with its help and type, no name twice', () => {
  const text = formatMetrics({ report, exit: 1, waiting: 2 });
  for (const line of [
    'khp_runner_info{host="dn1.example",version="0.1.0"} 1',
    'khp_runner_run_result{result="held"} 1',
    'khp_runner_run_result{result="applied"} 0',
    'khp_runner_run_exit_code 1',
    'khp_runner_run_timestamp_seconds 1800000000',
    'khp_runner_run_duration_seconds 1.5',
    'khp_runner_run_phase_seconds{phase="fetch"} 0.04',
    'khp_runner_run_phase_seconds{phase="start"} 1.2',
    'khp_runner_active_seq 9',
    'khp_runner_held 1',
    'khp_runner_drift_files 1',
    'khp_runner_unmounted_directories 2',
    'khp_runner_reports_waiting 2',
    'khp_runner_service_running{component="hadoop",role="datanode"} 1',
    'khp_runner_service_healthy{component="hadoop",role="datanode"} 0',
    'khp_runner_service_debt{component="hadoop",role="datanode"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  const sample = /^khp_runner_[a-z_]+(?:\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})? [0-9.]+$/;
  const types = text.split('\n').filter((line) => line.startsWith('# TYPE'));
  expect(new Set(types).size).toBe(types.length);
  for (const line of text.trimEnd().split('\n')) if (!line.startsWith('#')) expect(line).toMatch(sample);
});

test('a host that holds nothing yet says so, and a label holds any text', () => {
  const text = formatMetrics({
    report: { ...report, active: null, held: null, services: [], runner: 'a"b\\c\nd' },
    exit: 0,
    waiting: 0,
  });
  expect(text).toContain('khp_runner_active_seq 0\n');
  expect(text).toContain('version="a\\"b\\\\c\\nd"');
  expect(text).not.toContain('active_expires');
});
