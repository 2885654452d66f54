import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { parseRunnerConfig } from '../config/runner-config.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { servicesOf } from './services-of.ts';

test('there is no account but those of the users in runner.yml, whatever the machine has', () => {
  const text =
    'repository: /srv/khp.git\npaths: [/etc/hadoop]\nusers: [daemon]\nservices: { manager: systemd }\n';
  const parsed = parseRunnerConfig(text);
  if (!parsed.ok) throw new Error(parsed.problems.join());
  const rooted = { disk: nodeDisk, root: temporaryFolder() };
  for (const switchesUsers of [true, false]) {
    const { accountOf } = servicesOf(parsed.config, { rooted, switchesUsers })!;
    expect(accountOf('daemon')).toEqual(
      switchesUsers ? expect.objectContaining({ uid: expect.any(Number) }) : undefined,
    );
    expect(() => accountOf('bin')).toThrow(expect.objectContaining({ code: 'services/user' }));
  }
});
