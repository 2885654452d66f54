import { expect, test } from 'vitest';
import { renew } from './renew.ts';
import { bundlesOf, keyNamed, NOW, OPERATOR, temporaryFleet, trustIn } from './temporary-fleet.ts';
import { promoteByHand, promotionOf } from './test-promotions.ts';

const key = keyNamed('operator');

test('a renewal repeats a grant that is open, and brings none back that has ended', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1:datanode' }));
  await fleet.promote();
  const { configRepository: repository } = fleet;
  const { tree: _, parents: __, ...promotion } = await promotionOf(repository, 'x-1');
  const granted = { ...promotion, seq: 2, restart: ['datanode'] };
  for (const [seconds, restart] of [
    [4 * 3600 - 1, ['datanode']],
    [4 * 3600, []],
  ] as const) {
    await promoteByHand(fleet, { promotion: granted, signer: 'operator' });
    const { config } = fleet;
    const hosts = new Map([['x-1', { type: 'alpha', cluster: 'x' }]]);
    await renew({ config, key, who: OPERATOR, trust: trustIn(key), hosts, yes: false, now: NOW + seconds });
    expect(await promotionOf(repository, 'x-1')).toMatchObject({ seq: 2, restart });
  }
  await promoteByHand(fleet, { promotion: granted, signer: 'operator' });
  expect((await fleet.promote({ now: NOW + 80 * 86_400 })).value!.renewed).toMatchObject([
    { host: 'x-1', seq: 2 },
  ]);
  expect(await promotionOf(repository, 'x-1')).toMatchObject({ seq: 2, restart: [] });
});
