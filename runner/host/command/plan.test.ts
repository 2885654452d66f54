import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { encryptSecret } from '../../../compiler/age/age.ts';
import { parseRecipient } from '../../../compiler/age/recipients.ts';
import { sampleFile, sampleManifest } from '../sample-bundle.ts';
import { sampleFleet } from '../sample-fleet.ts';

const FILE = '/etc/hadoop/conf/core-site.xml';
const TEXT = '<a>{{khp:secret:0}}</a>\n';

test('a secret that the host cannot open is told before the apply', async () => {
  const fleet = await sampleFleet();
  const identity = await generateIdentity();
  const recipient = parseRecipient(await identityToRecipient(identity))!;
  const secrets = [
    { kind: 'age', ciphertext: await encryptSecret('p&ss', [recipient]), escape: 'xml' },
  ] as const;
  const manifest = sampleManifest([sampleFile(FILE, TEXT, { mode: '0640' })], { secrets: [...secrets] });
  await fleet.promote({ files: { [FILE]: TEXT }, manifest });
  const planned = await fleet.command('plan');
  expect(planned.exit).toBe(1);
  expect(planned.stdout).toContain(`create   ${FILE}`);
  expect(planned.stderr).toMatch(/apply would fail: .* cannot be opened: .* \[apply\/secret-not-opened\]/);
  const asJson = await fleet.command('plan', { json: true });
  expect(asJson.exit).toBe(1);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ seq: 1, problem: { code: 'apply/secret-not-opened' } });
  expect((await fleet.command('apply')).stderr).toContain('[apply/secret-not-opened]');

  writeFileSync(join(fleet.root, 'etc/khp/identity'), `${identity}\n`, { mode: 0o600 });
  const after = await fleet.command('plan');
  expect(after).toMatchObject({ exit: 0, stderr: '' });
  expect(JSON.stringify(after)).not.toContain('p&');
  expect(await fleet.command('apply')).toMatchObject({ exit: 0 });
});
