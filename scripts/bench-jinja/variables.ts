const hosts = (name: string, count: number) =>
  Array.from(
    { length: count },
    (_, index) => `${name}${String(index + 1).padStart(2, '0')}.alpha.example.com`,
  );

/** The variables of the benchmark's template: those of a host that is namenode, journalnode and datanode. */
export const VARIABLES = {
  managed: 'Managed by khp; do not edit',
  cluster: 'alpha/hadoop-x',
  hostname: 'nn01.alpha.example.com',
  groups: { namenode: hosts('nn', 3), journalnode: hosts('jn', 5), datanode: hosts('dn', 40) },
  group_names: ['alpha', 'hadoop', 'journalnode', 'namenode', 'datanode'],
  replication: 3,
  block_size_mb: 256,
  superuser_group: 'hadoop',
  short_circuit: true,
  socket: '/var/run/hadoop/dn_socket',
  ha: true,
  nameservice: 'alphans',
  ports: {
    namenode: { rpc: 8020, http: 9870 },
    journalnode: { rpc: 8485, http: 8480 },
    datanode: { data: 9866, http: 9864, ipc: 9867 },
    zkfc: 8019,
  },
  failover_provider: 'org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider',
  fencing: ['sshfence', 'shell(/bin/true)'],
  nn_dirs: ['/data/1/nn', '/data/2/nn'],
  handlers: 128,
  conf_dir: '/etc/hadoop/conf',
  dn_dirs: Array.from({ length: 12 }, (_, index) => `/data/${index + 1}/dn`),
  reserved_gb: 400,
  racks: Array.from({ length: 8 }, (_, index) => ({
    name: `Rack-${index + 1}`,
    enabled: index !== 5,
    hosts: hosts(`dn${index}`, 5),
  })),
  extra: {
    'dfs.client.retry.policy.enabled': 'true',
    'dfs.namenode.audit.loggers': 'default, second & third <x>',
    'dfs.datanode.peer.stats.enabled': 'true',
    'dfs.encrypt.data.transfer': 'false',
    'dfs.image.compress': 'true',
    'dfs.qjournal.write-txns.timeout.ms': '60000',
  },
};
