import { expect, test } from 'vitest';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { HostFacts } from '../../../compiler/contract/facts.ts';
import { factsOf, type Machine } from './facts-of.ts';
import { thisMachine } from './this-machine.ts';

const GIB = 1024 ** 3;
const machine: Machine = {
  memoryBytes: 257_000.9 * 1024 ** 2,
  cpus: 48,
  architecture: 'x86_64',
  kernel: '4.18.0-553.el8_10.x86_64',
  osRelease: 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="8.10"\n',
  mounts: [
    'proc /proc proc rw 0 0',
    '/dev/sda2 / xfs rw 0 0',
    '/dev/sdb1 /data/hdfs\\0401 ext4 rw 0 0',
    '/dev/sda2 /var/lib/bound xfs rw 0 0',
    'nas:/export /nas nfs4 rw 0 0',
    '/dev/sda1 /boot/efi vfat rw 0 0',
    '/dev/dead /dead xfs rw 0 0',
    '/dev/sdc1 /données xfs rw 0 0',
    '',
  ].join('\n'),
  routes: [
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
    'eth1\t00000000\t0100000A\t0003\t0\t0\t200\t00000000\t0\t0\t0',
    'eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    'eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  ].join('\n'),
  sizeOf: (mount) => (mount === '/dead' ? undefined : mount === '/boot/efi' ? 104_900_000 : 100.7 * GIB),
  addressOf: (name) => ({ eth0: '192.0.2.7', eth1: '10.0.0.7' })[name],
};

test('facts are named and measured as Ansible does', () => {
  expect(factsOf(machine)).toEqual({
    ansible_architecture: 'x86_64',
    ansible_default_ipv4: { address: '192.0.2.7', interface: 'eth0' },
    ansible_distribution: 'Rocky',
    ansible_distribution_version: '8.10',
    ansible_kernel: '4.18.0-553.el8_10.x86_64',
    ansible_memtotal_mb: 257000,
    ansible_mounts: [
      { device: '/dev/sda2', fstype: 'xfs', mount: '/', size_total: 100 * GIB },
      { device: '/dev/sda1', fstype: 'vfat', mount: '/boot/efi', size_total: 100 * 1024 ** 2 },
      { device: '/dev/sdb1', fstype: 'ext4', mount: '/data/hdfs 1', size_total: 100 * GIB },
    ],
    ansible_os_family: 'RedHat',
    ansible_processor_vcpus: 48,
  });
});

test('what the system does not say, or says oddly, is left out', () => {
  const silent = { ...machine, osRelease: undefined, mounts: undefined, routes: undefined };
  expect(Object.keys(factsOf({ ...silent, kernel: 'x'.repeat(300), cpus: 0, architecture: 'é' }))).toEqual([
    'ansible_memtotal_mb',
  ]);
  const unknown = factsOf({ ...machine, osRelease: "ID=own\nNAME='Own Linux'\n" });
  expect([unknown.ansible_distribution, unknown.ansible_os_family]).toEqual(['Own Linux', undefined]);
});

test('this machine has facts that the contract takes, the same twice', () => {
  const facts = factsOf(thisMachine());
  expect(HostFacts.parse(facts)).toEqual(facts);
  expect(facts.ansible_memtotal_mb).toBeGreaterThan(0);
  const read = HostFacts.parse(JSON.parse(canonicalJson(facts)));
  expect(JSON.stringify(factsOf(thisMachine()))).toBe(JSON.stringify(read));
});
