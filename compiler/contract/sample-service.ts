import type { ServiceEntry } from './manifest.ts';

/** For tests: a datanode's service, one at a time and without a health check. */
export function sampleService(more: Partial<ServiceEntry> = {}): ServiceEntry {
  return {
    component: 'hadoop',
    role: 'datanode',
    command: '/opt/hadoop/bin/hdfs datanode',
    user: 'hdfs',
    environment: {},
    limits: {},
    stop: { signal: 'TERM', timeout: 60 },
    after: [],
    max_unavailable: 1,
    on_failure: 'hold',
    ...more,
  };
}
