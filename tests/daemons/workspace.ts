import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copySample } from '../temporary-workspace.ts';
import { packTarball } from './pack-tarball.ts';

/** The hosts of the rack: each a member of the quorum, the first with the namenode, the others with a datanode. */
export const MASTER = 'lab-m1.lab.test';
export const WORKERS = ['lab-w1.lab.test', 'lab-w2.lab.test'] as const;
export const HOSTS = [MASTER, ...WORKERS] as const;

export const CLUSTER = 'lab/small';
export const SETTINGS = `inventories/${CLUSTER}.yml`;

/** A disk each, as a mount point. */
export const DISKS = ['/data/zookeeper', '/data/zookeeper-txlog', '/data/nn/1', '/data/nn/2', '/data/hdfs/1'];

/** The releases, by the version of Hadoop in them: one layout on disk, so that either starts on what the other left. */
export const RELEASES = { first: '3.3.5', second: '3.3.6' } as const;
const ZOOKEEPER = '3.8.4';

/** Where datanodes are asked how they are, before and after that is moved. */
export const HTTP_PORTS = { first: 9864, second: 9874 } as const;

interface Publishing {
  readonly config: string;
  readonly reports: string;
  /** A line of allowed_signers. */
  readonly signer: string;
}

/** Makes a workspace of the sample's templates with one small cluster, and packs the tarballs of its releases. */
export function writeWorkspace(folder: string, { config, reports, signer }: Publishing): void {
  copySample(folder, ['khp.yml', 'templates/hadoop', 'templates/zookeeper']);
  for (const component of ['hadoop', 'zookeeper']) {
    const path = join(folder, `templates/${component}/component.yml`);
    lowerLimits(path);
    settleSooner(path);
  }
  const publish = { url: config, branch: 'main', keys: [signer] };
  appendFileSync(
    join(folder, 'khp.yml'),
    `\npublish: ${JSON.stringify(publish)}\nreports: { url: ${reports} }\n`,
  );
  mkdirSync(join(folder, 'releases'));
  for (const [release, version] of Object.entries(RELEASES)) writeRelease(folder, release, version);
  mkdirSync(join(folder, 'inventories/lab'), { recursive: true });
  writeFileSync(join(folder, `inventories/${CLUSTER}.ini`), inventory());
  writeFileSync(join(folder, SETTINGS), settings());
}

function writeRelease(folder: string, release: string, hadoop: string): void {
  const versions = { hadoop, zookeeper: ZOOKEEPER };
  const components = Object.entries(versions).map(([component, version]) => {
    const { path, sha256, size } = packTarball(component, version);
    return [component, { version, artifact: { url: `file://${path}`, sha256, size } }];
  });
  const content = { release, components: Object.fromEntries(components) };
  writeFileSync(join(folder, `releases/${release}.yml`), JSON.stringify(content, undefined, 2));
}

function inventory(): string {
  const members = HOSTS.map((host, index) => `${host} zookeeper_id=${index + 1}`);
  return `[zookeeper]\n${members.join('\n')}\n\n[namenode]\n${MASTER}\n\n[datanode]\n${WORKERS.join('\n')}\n`;
}

/** Brings the limits of services down to those that this machine may set: a container may not raise its own. */
function lowerLimits(path: string): void {
  const options = ['--nofile', '--nproc', '--noheadings', '--raw', '--output', 'RESOURCE,HARD'];
  const { stdout } = spawnSync('prlimit', options, { encoding: 'utf8' });
  let text = readFileSync(path, 'utf8');
  for (const [, resource, hard] of stdout.matchAll(/^(\S+) (\d+)$/gm)) {
    const limit = new RegExp(`\\b${resource!.toLowerCase()}: (\\d+)`, 'g');
    text = text.replace(limit, (line, wanted) => line.replace(wanted, `${Math.min(wanted, Number(hard))}`));
  }
  writeFileSync(path, text);
}

/** On one machine the members of a quorum find each other sooner. */
function settleSooner(path: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(/\bsettle: \d+s/g, 'settle: 10s'));
}

/** Small in every way; what the jars of Maven Central lack is off: the native library, the provider of Prometheus. */
function settings(): string {
  const { home, version } = findJava();
  return `release: first
java_home: ${home}
java_version: ${version}
memory_mb: 4096
vcores: 2

zookeeper_heap_mb: 128
zookeeper_metrics: false

hdfs_nn_awaits_blocks: true
hdfs_replication: 2
hdfs_block_size_mb: 1
hdfs_disks: 1
hdfs_disk_gb: 1
hdfs_short_circuit: false
hdfs_nn_heap_mb: 1024
hdfs_dn_heap_mb: 512
hdfs_dn_max_transfer_threads: 1024

datanode_data_port: 9866
datanode_http_port: ${HTTP_PORTS.first}
hadoop3_ports:
  namenode: { http: 9870 }
  secondarynamenode: { http: 9868 }
  datanode: { data: "{{ datanode_data_port }}", ipc: 9867, http: "{{ datanode_http_port }}" }

decommission: "{{ inventory_hostname in [] }}"

hadoop_extra:
  hdfs:
    dfs.heartbeat.interval: 1
    dfs.namenode.safemode.extension: 1000
`;
}

/** Where the machine's Java is, and which: 17. */
function findJava(): { readonly home: string; readonly version: string } {
  const { stderr } = spawnSync('java', ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  const property = (name: string): string => {
    const value = new RegExp(`^ *${name} = (.*)$`, 'm').exec(stderr)?.[1];
    if (value === undefined) throw new Error(`java does not say its ${name}:\n${stderr}`);
    return value;
  };
  return { home: property('java.home'), version: property('java.specification.version').replace(/^1\./, '') };
}
