import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';

/** For tests: a service that runs until it is stopped. */
export function sampleService(entry: Partial<ServiceEntry> = {}): ServiceEntry {
  return {
    component: 'hadoop',
    role: 'datanode',
    command: '/bin/sleep 1000',
    user: 'hdfs',
    environment: {},
    limits: {},
    stop: { signal: 'TERM', timeout: 5 },
    after: [],
    max_unavailable: 1,
    on_failure: 'hold',
    ...entry,
  };
}
