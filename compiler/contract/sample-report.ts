import { REPORT_SCHEMA, type Report } from './report.ts';

/** For tests: a report of a host that has applied nothing yet. */
export function sampleReport(more: Partial<Report> = {}): Report {
  return {
    schema: REPORT_SCHEMA,
    host: 'dn1.example',
    result: 'unchanged',
    at: '2027-01-15T08:00:00Z',
    active: null,
    problem: null,
    drift: [],
    debt: [],
    written: [],
    duration_ms: 1,
    runner: '0.1.0',
    ...more,
  };
}
