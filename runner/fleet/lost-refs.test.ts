import { expect, test } from 'vitest';
import { hostRef } from '../../compiler/contract/names.ts';
import { resolve, updateRefs } from '../../compiler/git/refs.ts';
import { collect } from './collect.ts';
import { bundlesOf, NOW, OPERATOR, temporaryFleet } from './temporary-fleet.ts';

const [X1, X2] = ['alpha/x/x-1', 'alpha/x/x-2'];

test.each([
  [false, 0],
  [true, 0],
  [false, 7],
])(
  'counts on from what a host has reported where its ref was deleted or moved back (elsewhere: %s, held: %i)',
  async (remote, heldSeq) => {
    const fleet = await temporaryFleet({ remote });
    const { configRepository, reports } = fleet;
    await fleet.compile(bundlesOf({ [X1]: '1', [X2]: '2' }));
    const first = (await fleet.promote()).value!.promoted.map(({ commit }) => commit);
    await fleet.compile(bundlesOf({ [X1]: 'other', [X2]: 'other' }));
    await fleet.promote();
    const active = {
      generation: 2,
      seq: 2,
      release: 'r',
      manifest: '0'.repeat(64),
      expires: '2030-01-01T00:00:00Z',
    };
    // Of a host that has returned from it to what is active.
    const held = heldSeq > 0 ? { seq: heldSeq, code: 'apply/held', message: 'rolled back by hand' } : null;
    for (const host of ['x-1', 'x-2']) await fleet.report(host, { active, held });
    await collect({ config: fleet.config, reports: { repository: reports }, who: OPERATOR, now: NOW });
    const [ref1, ref2] = [hostRef('x-1'), hostRef('x-2')];
    await updateRefs(
      configRepository,
      [{ ref: ref1, old: await resolve(configRepository, ref1), new: undefined }],
      'lost',
    );
    await updateRefs(
      configRepository,
      [{ ref: ref2, old: await resolve(configRepository, ref2), new: first[1] }],
      'back',
    );
    expect((await fleet.promote()).value).toMatchObject({
      promoted: [
        { host: 'x-1', seq: Math.max(2, heldSeq) + 1 },
        { host: 'x-2', seq: Math.max(2, heldSeq) + 1 },
      ],
      unchanged: [],
    });
    expect((await fleet.promote()).value).toMatchObject({ promoted: [], unchanged: ['x-1', 'x-2'] });
  },
);
