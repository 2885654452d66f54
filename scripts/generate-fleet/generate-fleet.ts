import { Random } from '../conformance/random.ts';
import type { Fleet, FleetCluster, FleetGroup, FleetVars } from './fleet.ts';

export interface FleetSize {
  readonly clusters: number;
  /** Hosts of all clusters together. */
  readonly hosts: number;
  readonly seed: number;
}

const SMALLEST = 3;
const LARGEST = 800;
const TYPES = ['alpha', 'beta', 'prod-batch', 'prod-hadoop', 'prod-query', 'stage', 'trial'];
const RELEASES = ['1.1.6-hadoop2', '1.2.0-hadoop3'];
const MASTERS = 3;
const HOSTS_IN_RACK = 40;

/**
 * A fleet of Hadoop clusters of very different sizes, from 3 to 800 hosts, for the components and releases of this
 * repository. A tenth of the hosts is in a group that overrides the others, and a tenth has a file of its own.
 * @throws RangeError where so many hosts do not fit into so many clusters
 */
export function generateFleet({ clusters, hosts, seed }: FleetSize): Fleet {
  const random = new Random(seed);
  const sizes = clusterSizes(clusters, hosts, random);
  const types = TYPES.map((name, index) => ({
    name,
    vars: typeVars(random),
    clusters: sizes.flatMap((size, at) =>
      at % TYPES.length === index ? [generateCluster(`${name}-${padded(at + 1, 3)}`, size, random)] : [],
    ),
  }));
  return { vars: FLEET_VARS, types: types.filter((type) => type.clusters.length > 0) };
}

/** A few are large and most are small. */
function clusterSizes(clusters: number, hosts: number, random: Random): number[] {
  if (hosts < clusters * SMALLEST || hosts > clusters * LARGEST)
    throw new RangeError(`${hosts} hosts do not fit into ${clusters} clusters`);
  const sizes = Array.from({ length: clusters }, (_, at) => {
    if (at < 2) return at === 0 ? LARGEST : SMALLEST;
    return SMALLEST + Math.floor((LARGEST - SMALLEST) * (random.below(1000) / 1000) ** 9);
  });
  let left = hosts - sizes.reduce((sum, size) => sum + size, 0);
  for (let at = clusters - 1; left !== 0; at = (at + clusters - 1) % clusters) {
    const free = left > 0 ? LARGEST - sizes[at]! : SMALLEST - sizes[at]!;
    const change = Math.sign(left) * Math.min(Math.abs(left), Math.abs(free), 1 + random.below(3));
    sizes[at]! += change;
    left -= change;
  }
  return sizes;
}

const FLEET_VARS: FleetVars = {
  java_home: '/usr/lib/jvm/java-1.8.0-openjdk',
  hdfs_trash_minutes: 2880,
  hadoop_log_file_mb: 256,
  hadoop_proxy_users: {
    hive: {
      hosts: "{{ groups['hiveserver2'] | default([]) | union(groups['hive_metastore'] | default([])) }}",
      groups: ['users', 'analysts', 'etl'],
    },
  },
};

function typeVars(random: Random): FleetVars {
  return {
    hdfs_disks: 8 + random.below(8),
    hdfs_disk_gb: random.pick([4000, 8000, 16000]),
    hdfs_dn_heap_mb: 4096,
    hdfs_dn_balance_mb_per_second: 100,
    yarn_disks: ['/data/yarn/1', '/data/yarn/2'],
    memory_reserved_mb: 16384,
    vcores_reserved: 4,
    hadoop_loggers: { 'org.apache.hadoop.hdfs.StateChange': 'WARN' },
    metrics_graphite: { host: 'graphite.example.test', port: 2003 },
  };
}

function clusterVars(name: string, random: Random): FleetVars {
  return {
    release: random.pick(RELEASES),
    hdfs_nameservice: `${name}-ns`,
    hdfs_million_objects: 4 + random.below(60),
    memory_mb: random.pick([131072, 196608, 262144]),
    vcores: random.pick([32, 40, 48]),
    yarn_log_retain_days: 3 + random.below(20),
    yarn_min_allocation_mb: 2048,
    yarn_queues: {
      default: { capacity: 10, max_capacity: 30 },
      ingest: { capacity: 60, max_capacity: 100, submit: 'etl' },
      maintenance: { capacity: 30, max_capacity: 60, submit: 'etl', admin: 'yarn etl' },
    },
    mapred_map_memory_mb: 4096,
    mapred_reduce_memory_mb: 8192,
    hadoop_extra: { core: { 'ipc.client.connection.maxidletime': 10000 + random.below(50000) } },
  };
}

function generateCluster(name: string, size: number, random: Random): FleetCluster {
  const workers = Math.max(size - MASTERS, 0);
  const width = String(workers).length;
  const worker = (at: number) => `${name}-w${padded(at, width)}.example.test`;
  const range = (from: number, to: number) =>
    from === to ? worker(from) : `${name}-w[${padded(from, width)}:${padded(to, width)}].example.test`;
  const master = (at: number) => `${name}-m${at}.example.test`;
  const racks = Array.from({ length: Math.ceil(workers / HOSTS_IN_RACK) }, (_, rack) => {
    const first = rack * HOSTS_IN_RACK + 1;
    const hosts = range(first, Math.min(first + HOSTS_IN_RACK - 1, workers));
    return group(`rack_${padded(rack + 1, 2)}`, { hosts: [`${hosts} rack=/dc1/r${rack + 1}`] });
  });
  const dense = Math.floor(workers / 10);
  const masters = [1, 2, 3].map((at) => `${master(at)} rack=/dc1/m${at} zookeeper_id=${at}`);
  const names = [1, 2, 3].map(master).concat(Array.from({ length: workers }, (_, at) => worker(at + 1)));
  return {
    name,
    size,
    // Where a master works too, its daemons come before YARN.
    vars: {
      ...clusterVars(name, random),
      ...(workers === 0 && { memory_reserved_mb: 81920 }),
      ...(workers < 3 && { hdfs_replication: Math.max(workers, 1) }),
    },
    inlineVars: { ansible_user: 'deploy', hdfs_trash_minutes: 60, hdfs_umask: '027' },
    groups: [
      group('master', { hosts: masters, vars: { hdfs_nn_dirs: ['/data/ssd1', '/data/ssd2'] } }),
      ...racks,
      group('worker', {
        ...(workers > 0 ? { children: racks.map((rack) => rack.name) } : { hosts: [master(3)] }),
        inlineVars: { hdfs_disks: 4, hdfs_dn_max_transfer_threads: 8192 },
        vars: { hdfs_dn_heap_mb: 6144 },
      }),
      ...(dense > 0
        ? [group('dense', { hosts: [range(workers - dense + 1, workers)], vars: { ...DENSE } })]
        : []),
      ...['namenode', 'journalnode', 'zookeeper', 'resourcemanager'].map((role) =>
        group(role, { children: ['master'] }),
      ),
      group('zkfc', { children: ['namenode'] }),
      group('historyserver', { hosts: [master(3)] }),
      group('datanode', { children: ['worker'] }),
      group('nodemanager', { children: ['worker'], inlineVars: { yarn_nm_heap_mb: 4096 } }),
    ],
    hostVars: new Map(
      names.flatMap((host, at) => (at % 10 === 9 ? [[host, hostVars(random)] as const] : [])),
    ),
  };
}

const DENSE: FleetVars = { memory_mb: 524288, vcores: 96, hdfs_disk_gb: 16000, hdfs_dn_heap_mb: 8192 };

function hostVars(random: Random): FleetVars {
  const all: FleetVars[] = [
    { memory_mb: 98304 },
    { decommission: true },
    { hdfs_dn_dirs: ['/data/hdfs/1', '/data/hdfs/2', '/data/hdfs/4'], hdfs_disks: 3 },
    { hadoop_loggers: { 'org.apache.hadoop.hdfs': 'DEBUG' }, hadoop_log_level: 'INFO' },
  ];
  return random.pick(all);
}

function group(name: string, more: Partial<FleetGroup>): FleetGroup {
  return { name, hosts: [], children: [], inlineVars: {}, vars: undefined, ...more };
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
