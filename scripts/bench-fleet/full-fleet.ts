import type { Fleet, FleetCluster, FleetGroup } from '../generate-fleet/fleet.ts';

/**
 * A fleet of Hadoop with HBase and the client of Spark on every worker: 25 or more files a host, of which
 * eight say its name. Its values in `_default.yml` are read by every hdfs-site.xml.
 */
export function withAllComponents(fleet: Fleet): Fleet {
  return {
    vars: { ...fleet.vars, hdfs_block_size_mb: 128, hbase_rs_heap_mb: 16384, hbase_bucketcache_mb: 8192 },
    types: fleet.types.map((type) => ({
      ...type,
      vars: {
        ...type.vars,
        memory_reserved_mb: '{{ 8192 + hbase_rs_heap_mb | int + hbase_bucketcache_mb | int + 1024 }}',
      },
      clusters: type.clusters.map(withComponents),
    })),
  };
}

function withComponents(cluster: FleetCluster): FleetCluster {
  const { memory_reserved_mb: _, hadoop_extra: extra, ...vars } = cluster.vars;
  const core = (extra as { core: Record<string, unknown> }).core;
  return {
    ...cluster,
    vars: {
      ...vars,
      hadoop_extra: {
        core: { ...core, 'hadoop.tmp.dir': '/data/tmp/{{ inventory_hostname_short }}' },
        mapred: { 'mapreduce.job.am.node-label-expression': '{{ inventory_hostname_short }}' },
      },
      spark_extra: { 'spark.executorEnv.SUBMIT_HOST': '{{ inventory_hostname }}' },
      ...(cluster.size <= 3 && { memory_reserved_mb: 114688 }),
    },
    groups: [...cluster.groups, ...roles],
  };
}

const roles: readonly FleetGroup[] = [
  ['hmaster', 'master'],
  ['regionserver', 'worker'],
  ['spark_client', 'master', 'worker'],
].map(([name, ...children]) => ({
  name: name!,
  children,
  hosts: [],
  inlineVars: {},
  vars: undefined,
}));
