import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { runForService } from './run-for-service.ts';
import { runningService } from './running-service.ts';
import { serviceAccount } from './service-account.ts';

test.runIf(process.getuid!() === 0)('the variables of a service are not those of root', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  // The loader of programs obeys these as it obeys LD_PRELOAD, and says as whom.
  const environment = { LD_DEBUG: 'libs', LD_DEBUG_OUTPUT: join(folder, 'trace') };
  const service = runningService({ user: 'nobody', environment });
  const account = serviceAccount('nobody');
  const run = await runForService(`/bin/sh -c 'id -u; exit 3'`, { service, account });
  expect(run).toEqual({ ok: false, detail: `exit code 3: ${account.uid}` });
  const owners = readdirSync(folder).map((name) => statSync(join(folder, name)).uid);
  expect(new Set(owners)).toEqual(new Set([account.uid]));
});
