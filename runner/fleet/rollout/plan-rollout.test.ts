import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../compiler/contract/manifest.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { limitOf, planRollout } from './plan-rollout.ts';
import { roleOrder } from './role-order.ts';
import { factsOf, MODEL_NOW, MODEL_ROLES, modelHosts, reportsOf } from './test-world.ts';

function manifestOf(roles: Readonly<Record<string, readonly string[]>>): Manifest {
  return {
    services: Object.entries(roles).map(([role, after]) => ({ role, after })),
  } as unknown as Manifest;
}

test('roles stand behind those that start before them, also on other hosts; first what waits for nothing', () => {
  const hosts = [
    manifestOf({ datanode: ['namenode'], nodemanager: ['resourcemanager', 'datanode'] }),
    manifestOf({ namenode: ['journalnode'], zkfc: ['namenode'] }),
    manifestOf({ resourcemanager: ['zookeeper', 'namenode'], zookeeper: [], journalnode: ['zookeeper'] }),
  ];
  expect(roleOrder(hosts)).toEqual([
    'zookeeper',
    'journalnode',
    'namenode',
    'datanode',
    'resourcemanager',
    'zkfc',
    'nodemanager',
  ]);
  expect(roleOrder([manifestOf({ a: ['b'], b: ['a'] })]).sort()).toEqual(['a', 'b']);
  expect(roleOrder([manifestOf({ a: ['elsewhere'] })])).toEqual(['a']);
  const withoutJournalnodes = manifestOf({ namenode: ['journalnode', 'zookeeper'], zookeeper: [] });
  expect(roleOrder([withoutJournalnodes])).toEqual(['zookeeper', 'namenode']);
});

test.each([
  [3, 20, 3],
  ['10%', 20, 2],
  ['10%', 19, 1],
  ['10%', 3, 1],
  ['100%', 7, 7],
])('max_unavailable %o of %i hosts lets %i down', (max, count, limit) => {
  expect(limitOf(max, count)).toBe(limit);
});

describe('planRollout', () => {
  const hosts = modelHosts(MODEL_ROLES);
  const plan = (
    change: (report: Report) => Partial<Report> = () => ({}),
    selected = hosts.map(({ name }) => name),
  ) =>
    planRollout({
      type: 'prod',
      cluster: 'x',
      hosts: factsOf(hosts, MODEL_ROLES),
      selected: new Set(selected),
      reports: new Map(
        [...reportsOf(hosts)].map(([host, report]) => [host, { ...report, ...change(report) }]),
      ),
      last: undefined,
      now: MODEL_NOW,
    });

  test('one by one where two would be fatal, whatever max_unavailable says, and a tenth of the datanodes', () => {
    const { value, diagnostics } = plan();
    expect(diagnostics).toEqual([]);
    const sizes = value!.waves.map(({ role, hosts: batch }) => `${role} ${batch.length}`);
    const times = (count: number, text: string): string[] => new Array<string>(count).fill(text);
    expect(sizes).toEqual([
      ...times(5, 'zookeeper 1'),
      ...times(5, 'journalnode 1'),
      ...times(3, 'namenode 1'),
      ...times(10, 'datanode 2'),
    ]);
  });

  test('hosts that are down go first, and all members count that are not selected', () => {
    const down = (report: Report): Partial<Report> =>
      report.host === 'datanode-07'
        ? { services: report.services!.map((one) => ({ ...one, state: 'failed' })) }
        : {};
    const { value } = plan(down, ['datanode-01', 'datanode-07', 'datanode-09']);
    expect(value!.waves.map(({ hosts: batch }) => batch.map(({ host }) => host))).toEqual([
      ['datanode-07', 'datanode-01'],
      ['datanode-09'],
    ]);
    expect(value!.roles).toMatchObject([{ role: 'datanode', limit: 2 }]);
    expect(value!.roles[0]!.hosts).toHaveLength(20);
  });

  test('nobody in debt: no plan', () => {
    const { value, diagnostics } = plan((report) => ({
      services: report.services!.map((one) => ({ ...one, debt: false })),
    }));
    expect({ value, diagnostics }).toEqual({ value: undefined, diagnostics: [] });
  });

  test.each<[string, Partial<Report>]>([
    ['silent', { at: '2023-11-14T19:00:00Z' }],
    ['do not yet run', { active: null }],
    ['too old', { services: undefined }],
  ])('hosts that %s are left out and named', (text, more) => {
    const { value, diagnostics } = plan((report) => (report.host === 'namenode-02' ? more : {}));
    expect(diagnostics).toMatchObject([
      { code: 'rollout/left-out', message: expect.stringContaining(text), hosts: ['namenode-02'] },
    ]);
    expect(value!.waves.filter(({ role }) => role === 'namenode')).toHaveLength(2);
  });
});
