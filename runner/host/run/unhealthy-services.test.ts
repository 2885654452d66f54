import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BOTH, hurried, runningSample, SERVED_CONF, SERVED_LINK } from '../sample-served-host.ts';
import { ServiceProblem } from '../services/service-manager.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('services that do not become healthy', () => {
  test('a service that does not become healthy is held until a higher sequence', async () => {
    const { promote, run, manager } = await runningSample();
    manager.broken.add('namenode');
    await promote({ conf: 'two', promotion: BOTH });
    const held = await run();
    expect(held).toMatchObject({
      result: 'held',
      problem: {
        code: 'services/unhealthy',
        message: expect.stringMatching(
          /^namenode is not healthy: .*; what it printed: \/var\/log\/namenode\.log$/,
        ),
      },
      held: { seq: 3 },
      restarted: ['namenode', 'datanode'],
    });
    expect(await run()).toMatchObject({ result: 'held', problem: { code: 'apply/held' }, restarted: [] });
    manager.broken.clear();
    await promote({ conf: 'three', promotion: BOTH });
    expect(await run()).toMatchObject({ result: 'applied', held: null, debt: [] });
  });

  test('rolls back once to what was good, where the service was healthy before', async () => {
    const service = { on_failure: 'rollback' as const };
    const { promote, run, manager, fleet } = await runningSample({ version: '1', service });
    manager.broken.add('datanode');
    const step = manager.onStep;
    manager.onStep = (what) => {
      // What comes back is sound.
      if (what === 'before stop namenode' && manager.events.includes('start datanode'))
        manager.broken.clear();
    };
    await promote({ version: '2', conf: 'two', service, promotion: BOTH });
    const back = await run();
    manager.onStep = step;
    expect(back).toMatchObject({
      result: 'rolled-back',
      active: { seq: 2 },
      held: { seq: 3 },
      debt: [],
      services: [
        { state: 'running', health: 'healthy' },
        { state: 'running', health: 'healthy' },
      ],
    });
    expect(readlinkSync(join(fleet.root, SERVED_LINK))).toContain('hadoop-1-');
    expect(readFileSync(join(fleet.root, SERVED_CONF), 'utf8')).toBe('conf');
    expect(await run()).toMatchObject({ result: 'held', restarted: [], debt: [] });
  });

  test('holds where what was good is damaged, and says so', async () => {
    const service = { on_failure: 'rollback' as const };
    const { promote, run, manager, fleet } = await runningSample({ service });
    const folder = join(fleet.root, 'var/lib/khp/gens');
    const damaged = readdirSync(folder).sort();
    for (const generation of damaged) rmSync(join(folder, generation, 'blobs'), { recursive: true });
    manager.broken.add('datanode');
    await promote({ conf: 'two', service, promotion: BOTH });
    const message = expect.stringMatching(/^datanode is not healthy: .*; generations? .* damaged$/);
    expect(await run()).toMatchObject({
      result: 'held',
      active: { seq: 3 },
      problem: { message },
      held: { message },
    });
  });

  test('does not roll back a service that was not healthy before, nor a second time', async () => {
    const service = { on_failure: 'rollback' as const };
    const { promote, run, manager } = await runningSample({ service });
    manager.byHand('namenode', 'failed');
    manager.broken.add('namenode');
    await promote({ conf: 'two', service, promotion: BOTH });
    expect(await run()).toMatchObject({ result: 'held', active: { seq: 3 } });

    const other = await runningSample({ service });
    other.manager.broken.add('datanode');
    await other.promote({ conf: 'two', service, promotion: BOTH });
    const back = await other.run();
    expect(back).toMatchObject({ result: 'rolled-back', active: { seq: 2 } });
    expect(back.problem!.message).toContain('after the rollback datanode is not healthy');
    const events = other.manager.events.length;
    expect(await other.run()).toMatchObject({ result: 'held', restarted: [] });
    expect(other.manager.events).toHaveLength(events);
  });

  test('a rollback that cannot stop what it must is given up, and what it had stopped runs again', async () => {
    const service = { on_failure: 'rollback' as const, stop: { signal: 'TERM' as const, timeout: 0 } };
    const { promote, run, manager, fleet } = await runningSample({ version: '1', service });
    const link = () => readlinkSync(join(fleet.root, SERVED_LINK)).slice(0, 8);
    manager.broken.add('datanode');
    manager.onStep = (what) => {
      if (what === 'after start datanode') manager.deaf.add('namenode');
    };
    await promote({ version: '2', service, promotion: BOTH });
    const failed = await hurried(run);
    expect(failed).toMatchObject({
      result: 'failed',
      problem: { code: 'services/not-stopped' },
      held: { seq: 3 },
    });
    expect(failed.problem!.message).toContain('datanode is not healthy');
    expect(link()).toBe('hadoop-2');
    expect(failed.services).toMatchObject([{ state: 'running' }, { state: 'failed' }]);
    const events = manager.events.length;
    expect(await run()).toMatchObject({ result: 'held', restarted: [] });
    expect(manager.events).toHaveLength(events);
  });

  test('a granted service that its supervisor has just started is waited for, once and no longer than its limit', async () => {
    const flag = join(temporaryFolder(), 'up');
    const log = `${flag}.log`;
    const command = `/bin/sh -c 'echo asked >> ${log}; test -e ${flag}'`;
    const asked = () => readFileSync(log, 'utf8').split('\n').length - 1;
    writeFileSync(flag, '');
    const { promote, run, manager } = await runningSample({
      roles: ['datanode'],
      service: { health: { command, within: 30 } },
    });
    const promotion = { restart: ['datanode'] };
    const next = { roles: ['datanode'], service: { health: { command, within: 30 } } };
    // Broken, healed by a change, and started by its supervisor behind that; it comes up while the grant is there.
    await promote({ ...next, conf: 'healed' });
    await run();
    rmSync(flag);
    manager.crash('datanode');
    expect(await run()).toMatchObject({ debt: [], services: [{ health: 'unhealthy' }] });
    await promote({ ...next, conf: 'healed', promotion });
    setTimeout(() => writeFileSync(flag, ''), 500);
    expect(await run()).toMatchObject({
      problem: null,
      restarted: [],
      services: [{ health: 'healthy', debt: false }],
    });
    // One that has had its time is not waited for: the report alone asks it.
    rmSync(flag);
    for (let tick = 0; tick < 30 * 100; tick += 1) manager.now();
    await promote({ ...next, conf: 'healed', promotion });
    const before = asked();
    expect(await run()).toMatchObject({ services: [{ health: 'unhealthy' }], restarted: [] });
    expect(asked()).toBe(before + 1);
    // Nor without a grant.
    manager.crash('datanode');
    await promote({ ...next, conf: 'healed' });
    expect(await run()).toMatchObject({ services: [{ health: 'unhealthy' }] });
    expect(asked()).toBe(before + 2);
  });

  test('rolls back to nothing that runner.yml no longer allows, by itself or by hand', async () => {
    const service = { on_failure: 'rollback' as const };
    const { promote, run, rollBack, manager, host } = await runningSample({ service });
    Object.assign(host.settings.config, { users: ['zookeeper'] });
    manager.broken.add('datanode');
    await promote({ conf: 'two', service: { ...service, user: 'zookeeper' }, promotion: BOTH });
    const problem = { code: 'rollback/not-allowed', message: expect.stringContaining('"hdfs"') };
    expect(await run()).toMatchObject({ result: 'failed', problem, active: { seq: 3 }, held: { seq: 3 } });
    manager.events.splice(0);
    expect(await rollBack()).toMatchObject({ result: 'failed', problem, active: { seq: 3 }, restarted: [] });
    expect(manager.events).toEqual([]);
  });

  test('rolls back past what runner.yml no longer allows to the next older one that was well', async () => {
    const zookeeper = { on_failure: 'rollback' as const, user: 'zookeeper' };
    const { promote, run, manager, host } = await runningSample({ service: zookeeper });
    await promote({ conf: 'two', service: { ...zookeeper, user: 'hdfs' }, promotion: BOTH });
    expect(await run()).toMatchObject({ problem: null, debt: [], active: { seq: 3 } });
    Object.assign(host.settings.config, { users: ['zookeeper'] });
    manager.broken.add('datanode');
    await promote({ conf: 'three', service: zookeeper, promotion: BOTH });
    const report = await run();
    expect(report).toMatchObject({ result: 'rolled-back', active: { seq: 2 }, held: { seq: 4 } });
    expect(report.held?.message).toContain(
      'generation 3 cannot be returned to, not being allowed by runner.yml',
    );
  });

  test('what ran as a user that is gone is restarted as the next one', async () => {
    const { promote, run, host } = await runningSample();
    const accountOf = (user: string): undefined => {
      if (user === 'hdfs') throw new ServiceProblem('services/unknown-user', 'this host does not have hdfs');
    };
    Object.assign(host.services!, { accountOf });
    await promote({ service: { user: 'zookeeper' }, promotion: BOTH });
    expect(await run()).toMatchObject({ problem: null, debt: [], restarted: ['namenode', 'datanode'] });
  });

  test('what was stopped is not started as a user that runner.yml has taken back, until it comes back', async () => {
    const { promote, run, manager, host } = await runningSample();
    manager.onStep = (what) => {
      if (what === 'after stop datanode') throw new Error('killed');
    };
    await promote({ conf: 'two', promotion: BOTH });
    await expect(run()).rejects.toThrow('killed');
    manager.onStep = () => undefined;
    Object.assign(host.settings.config, { users: ['zookeeper'] });
    manager.events.splice(0);
    const message = expect.stringContaining('does not allow the user hdfs');
    expect(await run()).toMatchObject({ problem: { message }, restarted: [] });
    // Nor is the other one stopped, whose restart was begun too.
    expect(manager.events).toEqual([]);
    Object.assign(host.settings.config, { users: ['hdfs'] });
    expect(await run()).toMatchObject({ restarted: ['namenode', 'datanode'], debt: [] });
  });

  test('a rollback by hand restarts what it puts in debt', async () => {
    const { promote, run, rollBack, manager } = await runningSample({ version: '1' });
    await promote({ version: '2', conf: 'two', promotion: BOTH });
    await run();
    manager.events.splice(0);
    expect(await rollBack()).toMatchObject({
      result: 'rolled-back',
      problem: null,
      debt: [],
      active: { seq: 2 },
    });
    expect(manager.events).toEqual(['stop datanode', 'stop namenode', 'start namenode', 'start datanode']);
    expect(await run()).toMatchObject({ result: 'held' });
  });
});
