import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { sampleService } from '../../../compiler/contract/sample-service.ts';

/** For tests: a service that runs until it is stopped. */
export function runningService(more: Partial<ServiceEntry> = {}): ServiceEntry {
  return sampleService({ command: '/bin/sleep 1000', stop: { signal: 'TERM', timeout: 5 }, ...more });
}
