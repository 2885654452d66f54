import { mkdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  BOTH,
  hurried,
  runningSample,
  SERVED_CONF,
  SERVED_LINK,
  servedSample,
} from '../sample-served-host.ts';
import { readState } from '../state/store.ts';
import { preview } from './preview.ts';
import { fetchAndAccept, runOnce } from './run-once.ts';

const NOW = Math.floor(Date.now() / 1000);

describe('restarts', () => {
  test('a first start needs a grant, and goes in order', async () => {
    const { promote, run, manager } = await servedSample();
    await promote({});
    const service = {
      component: 'hadoop',
      state: 'stopped',
      health: 'unknown',
      pid: null,
      start: null,
      debt: true,
    };
    expect(await run()).toMatchObject({
      result: 'applied',
      problem: null,
      debt: ['datanode', 'namenode'],
      services: [
        { ...service, role: 'namenode' },
        { ...service, role: 'datanode' },
      ],
      restarted: [],
    });
    expect(await run()).toMatchObject({ result: 'unchanged' });
    await promote({ promotion: BOTH });
    const started = await run();
    expect(started).toMatchObject({
      result: 'applied',
      debt: [],
      restarted: ['namenode', 'datanode'],
      services: [
        { role: 'namenode', state: 'running', health: 'healthy', debt: false },
        { role: 'datanode', state: 'running', health: 'healthy', debt: false },
      ],
    });
    expect(started.services![0]!.start).not.toBeNull();
    expect(manager.events).toEqual(['start namenode', 'start datanode']);
    expect(await run()).toMatchObject({ result: 'unchanged', restarted: [] });
    expect(manager.events).toHaveLength(2);
  });

  test('a grant to a host without services in runner.yml is a problem; its files are delivered', async () => {
    const { promote, host, fleet } = await servedSample();
    const run = () => runOnce({ ...host, services: undefined }, Date.now);
    await promote({});
    expect(await run()).toMatchObject({ result: 'applied', problem: null });
    await promote({ conf: 'two', promotion: BOTH });
    const problem = { code: 'services/no-manager', message: expect.stringContaining('datanode, namenode') };
    expect(await run()).toMatchObject({ result: 'failed', problem, restarted: [], active: { seq: 2 } });
    expect(readFileSync(join(fleet.root, SERVED_CONF), 'utf8')).toBe('two');
    expect(await run()).toMatchObject({ result: 'failed', problem });
    await promote({ conf: 'two' });
    expect(await run()).toMatchObject({ problem: null });
  });

  test('a change puts what reads it in debt; a grant restarts just that, once, and what it grants', async () => {
    const { promote, run, manager } = await runningSample();
    await promote({ conf: 'two' });
    expect(await run()).toMatchObject({ result: 'applied', debt: ['datanode', 'namenode'] });
    expect(await run()).toMatchObject({ result: 'unchanged', debt: ['datanode', 'namenode'] });
    await promote({ conf: 'two', promotion: { restart: ['datanode'] } });
    expect(await run()).toMatchObject({ debt: ['namenode'], restarted: ['datanode'] });
    await run();
    expect(manager.events).toEqual(['stop datanode', 'start datanode']);
    await promote({ conf: 'two', promotion: BOTH });
    expect(await run()).toMatchObject({ debt: [], restarted: ['namenode'] });
    await run();
    expect(manager.events).toEqual(['stop datanode', 'start datanode', 'stop namenode', 'start namenode']);
  });

  test('stops in the reverse of the start order, under the promotion that brings the change', async () => {
    const { promote, run, manager } = await runningSample();
    await promote({ conf: 'two', promotion: BOTH });
    await run();
    expect(manager.events).toEqual(['stop datanode', 'stop namenode', 'start namenode', 'start datanode']);
  });

  test('a comment puts nothing in debt, nor does a change of what a service is not started with', async () => {
    const { promote, run } = await runningSample({ file: { effect: '1'.repeat(64) } });
    const service = { health: { command: '/bin/true', within: 2 }, max_unavailable: 2 };
    await promote({ conf: 'comment', file: { effect: '1'.repeat(64) }, service, promotion: BOTH });
    expect(await run()).toMatchObject({ result: 'applied', debt: [], restarted: [] });
  });

  test('a definition is taken up under a grant alone, whatever starts the service meanwhile', async () => {
    const { promote, run, manager } = await runningSample();
    const service = { command: '/bin/sleep 5' };
    await promote({ service });
    expect(await run()).toMatchObject({ debt: ['datanode', 'namenode'] });
    // Its manager knows the old one only.
    manager.crash('datanode');
    manager.reboot();
    expect(await run()).toMatchObject({ debt: ['datanode', 'namenode'] });
    await promote({ service, promotion: BOTH });
    expect(await run()).toMatchObject({ debt: [] });
  });

  test('a service that came up behind the change is in no debt, and a later boot forgets it', async () => {
    const { promote, run, manager } = await runningSample();
    await promote({ conf: 'two' });
    await run();
    manager.crash('datanode');
    expect(await run()).toMatchObject({ debt: ['namenode'] });
    manager.reboot();
    expect(await run()).toMatchObject({ debt: [] });
    await promote({ conf: 'two', promotion: BOTH });
    expect(await run()).toMatchObject({ restarted: [] });
    expect(manager.events).toEqual([]);
  });

  test('what a person has stopped stays so; what has failed is started under a grant', async () => {
    const { promote, run, manager } = await runningSample();
    manager.byHand('namenode', 'stopped');
    manager.byHand('datanode', 'failed');
    await promote({ conf: 'two', promotion: BOTH });
    expect(await run()).toMatchObject({
      restarted: ['datanode'],
      services: [{ state: 'stopped', debt: false }, { state: 'running' }],
    });
    expect(manager.events).toEqual(['start datanode']);
  });

  test('a link moves only while all that runs from it is stopped, under one grant', async () => {
    const { promote, run, manager, fleet } = await runningSample({ version: '1' });
    const link = () => readlinkSync(join(fleet.root, SERVED_LINK));
    const old = link();
    expect(old).toContain('hadoop-1-');
    await promote({ version: '2', promotion: { restart: ['datanode'] } });
    expect(await run()).toMatchObject({
      debt: ['datanode', 'namenode'],
      switches: ['hadoop'],
      restarted: [],
    });
    expect(link()).toBe(old);
    const seen: string[] = [];
    manager.onStep = (step) => seen.push(`${step} ${link() === old ? 'old' : 'new'}`);
    await promote({ version: '2', conf: 'new', promotion: BOTH });
    expect(await run()).toMatchObject({ debt: [], switches: [], restarted: ['namenode', 'datanode'] });
    expect(seen).toEqual([
      'before stop datanode old',
      'after stop datanode old',
      'before stop namenode old',
      'after stop namenode old',
      'before start namenode new',
      'after start namenode new',
      'before start datanode new',
      'after start datanode new',
    ]);
  });

  test('a service that does not end holds back no other, and is held', async () => {
    const { promote, run, manager } = await runningSample({
      service: { stop: { signal: 'TERM', timeout: 0 } },
    });
    manager.deaf.add('datanode');
    await hurried(async () => {
      await promote({ conf: 'two', promotion: BOTH, service: { stop: { signal: 'TERM', timeout: 0 } } });
      expect(await run()).toMatchObject({
        result: 'held',
        problem: { message: expect.stringContaining('datanode does not end') },
        debt: ['datanode', 'namenode'],
        services: [{ state: 'running' }, { state: 'running' }],
      });
    });
    expect(manager.events).toEqual(['stop datanode']);
    expect(await run()).toMatchObject({ result: 'held', restarted: [] });
    expect(manager.events).toEqual(['stop datanode']);
  });

  test('nothing is stopped for an apply that can be told to fail', async () => {
    const { promote, run, manager, fleet } = await runningSample({ version: '1' });
    rmSync(join(fleet.root, SERVED_CONF));
    mkdirSync(join(fleet.root, SERVED_CONF));
    await promote({ version: '2', conf: 'two', promotion: BOTH });
    expect(await run()).toMatchObject({ result: 'failed', problem: { code: 'apply/obstacle' } });
    expect(manager.events).toEqual([]);
  });

  test('a service that does not end is told, what was stopped runs again, and the link stays', async () => {
    const { promote, run, manager, fleet } = await runningSample({
      version: '1',
      service: { stop: { signal: 'TERM', timeout: 0 } },
    });
    manager.deaf.add('namenode');
    await promote({ version: '2', promotion: BOTH, service: { stop: { signal: 'TERM', timeout: 0 } } });
    const failed = await hurried(run);
    expect(failed).toMatchObject({
      result: 'failed',
      problem: { code: 'services/not-stopped' },
      held: { seq: 3 },
      restarted: ['datanode'],
    });
    expect(readlinkSync(join(fleet.root, SERVED_LINK))).toContain('hadoop-1-');
    expect(failed.services).toMatchObject([{ state: 'running' }, { state: 'running' }]);
    manager.events.splice(0);
    manager.deaf.clear();
    // Nothing is stopped again and again.
    expect(await run()).toMatchObject({ result: 'held', restarted: [] });
    expect(manager.events).toEqual([]);
  });

  test('what the manifest names no longer runs on until it is retired', async () => {
    const { promote, run, manager } = await runningSample();
    await promote({ roles: ['namenode'] });
    expect(await run()).toMatchObject({
      services: [{ role: 'namenode' }, { role: 'datanode', state: 'orphaned' }],
    });
    expect(manager.events).toEqual([]);
    await promote({ roles: ['namenode'], promotion: { retire: ['datanode'] } });
    const retired = await run();
    expect(retired.services!.map(({ role }) => role)).toEqual(['namenode']);
    expect(manager.events).toEqual(['stop datanode', 'remove datanode']);
    await promote({ roles: ['namenode'], promotion: { retire: ['*'] } });
    expect(await run()).toMatchObject({ services: [], debt: [] });
    expect(await run()).toMatchObject({ services: [], debt: [] });
    expect(manager.events.slice(2)).toEqual(['stop namenode', 'remove namenode']);
  });

  test('a manager that is away fails the run, and files are delivered all the same', async () => {
    const { promote, run, manager, fleet } = await runningSample();
    manager.away = true;
    await promote({ conf: 'two', promotion: BOTH });
    const failed = await run();
    expect(failed).toMatchObject({
      result: 'failed',
      problem: { code: 'services/manager-unreachable' },
      active: { seq: 3 },
      services: [{ state: 'unknown' }, { state: 'unknown' }],
    });
    expect(readFileSync(join(fleet.root, SERVED_CONF), 'utf8')).toBe('two');
    manager.away = false;
    expect(await run()).toMatchObject({ problem: null, debt: [], restarted: ['namenode', 'datanode'] });
  });

  test('has a running service reload, once a change, and tries again what failed', async () => {
    const { promote, run, host } = await servedSample();
    const out = join(host.layout.root, 'reloads');
    const file = { restart: [], reload: ['datanode'] };
    const service = { reload: [`/bin/sh -c 'echo x >> ${out}'`] };
    const count = () => readFileSync(out, 'utf8').length / 2;
    await promote({ file, service });
    await run();
    await promote({ file, service, promotion: BOTH });
    await run();
    await promote({ conf: 'two', file, service });
    expect(await run()).toMatchObject({ result: 'applied', debt: [] });
    expect(count()).toBe(1);
    await run();
    expect(count()).toBe(1);
    const broken = { reload: ['/bin/false'] };
    await promote({ conf: 'three', file, service: broken });
    expect(await run()).toMatchObject({ result: 'failed', problem: { code: 'services/reload' } });
    await promote({ conf: 'three', file, service });
    expect(await run()).toMatchObject({ result: 'applied' });
    expect(count()).toBe(2);
  });

  test('a preview says what would stop and start, and what is not granted, and does nothing', async () => {
    const { promote, host, manager, fleet } = await runningSample({ version: '1' });
    const look = async () => {
      const state = readState(host.engine.rooted);
      const judged = await fetchAndAccept(host, { gitDir: join(fleet.root, 'preview.git'), state, now: NOW });
      if (judged.kind !== 'accepted') throw new Error(judged.kind);
      const { steps, retire, stop, start, owed } = await preview(host, { bundle: judged.bundle, state });
      return { steps: steps.map(({ kind }) => kind), retire, stop, start, owed };
    };
    const none = { retire: [], stop: [], start: [], owed: [] };
    await promote({ version: '2', conf: 'two', promotion: { restart: ['datanode'] } });
    const [stop, start] = [['datanode'], ['datanode']];
    expect(await look()).toEqual({ ...none, steps: ['write'], stop, start, owed: ['namenode'] });
    await promote({ version: '2', conf: 'two', promotion: BOTH });
    expect(await look()).toEqual({
      ...none,
      steps: ['write', 'link'],
      stop: ['datanode', 'namenode'],
      start: ['namenode', 'datanode'],
    });
    await promote({ roles: ['namenode'], version: '1', promotion: { retire: ['datanode'] } });
    expect(await look()).toMatchObject({ steps: [], retire: ['datanode'], owed: [] });
    expect(manager.events).toEqual([]);
  });
});
