/**
 * Packs a release tarball of Hadoop or ZooKeeper: jars of Maven Central and the launch scripts of `bin/`. Maven fetches
 * them, once, below `.khp/daemons/`, where the tarballs are kept too. Same input, same bytes.
 *
 *     node tests/daemons/pack-tarball.ts hadoop 3.3.6
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../temporary-workspace.ts';

interface Recipe {
  /** `group:artifact`, of the component's version where none follows; Maven adds what they need at run time. */
  readonly artifacts: readonly string[];
  /** Artifacts that would be there twice under two names, or that nothing of these daemons loads. */
  readonly without: readonly string[];
  readonly programs: readonly string[];
  /** Folders that must be there, empty: of web pages, which are not in the jars. */
  readonly folders: readonly string[];
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  hadoop: {
    artifacts: ['hadoop-common', 'hadoop-hdfs', 'hadoop-hdfs-client'].map(
      (name) => `org.apache.hadoop:${name}`,
    ),
    without: [
      ...['log4j', 'slf4j-log4j12', 'netty-resolver-dns-native-macos', 'netty-transport-native-kqueue'],
      ...['kotlin-stdlib', 'kotlin-stdlib-common', 'okhttp', 'okio'],
    ],
    programs: ['hdfs'],
    folders: ['hdfs', 'datanode', 'secondary', 'journal'].map((name) => `share/webapps/${name}`),
  },
  zookeeper: {
    // The server loads the last two, which its own description calls provided.
    artifacts: [
      'org.apache.zookeeper:zookeeper',
      'io.dropwizard.metrics:metrics-core:4.1.12.1',
      'org.xerial.snappy:snappy-java:1.1.10.5',
    ],
    without: [],
    programs: ['zkServer.sh'],
    folders: [],
  },
};

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.8';

/** A packed tarball, as a release file names it. */
export interface Tarball {
  readonly path: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Packs a component's version, or takes it from the cache. Fails with Maven's output where the jars can't be had. */
export function packTarball(component: string, version: string): Tarball {
  const recipe = RECIPES[component];
  if (!recipe) throw new Error(`no recipe for ${component}; there are ${Object.keys(RECIPES).join(', ')}`);
  const cache = join(ROOT, '.khp', 'daemons');
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `${component}-${version}-${keyOf(recipe)}.tar.gz`);
  if (!existsSync(path)) pack(recipe, { component, version, cache, path });
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { path, sha256, size: statSync(path).size };
}

interface Packing {
  readonly component: string;
  readonly version: string;
  readonly cache: string;
  readonly path: string;
}

function pack(recipe: Recipe, { component, version, cache, path }: Packing): void {
  const work = mkdtempSync(join(cache, 'pack-'));
  try {
    const name = `${component}-${version}`;
    const home = join(work, name);
    const pom = join(work, 'pom.xml');
    writeFileSync(pom, pomOf(recipe.artifacts, version));
    mkdirSync(join(home, 'bin'), { recursive: true });
    for (const program of recipe.programs) copyFileSync(programPath(program), join(home, 'bin', program));
    for (const folder of recipe.folders) mkdirSync(join(home, folder), { recursive: true });
    succeed('mvn', [
      ...['--batch-mode', '--quiet', '--strict-checksums', '--file', pom],
      `-Dmaven.repo.local=${join(cache, 'repository')}`,
      `${DEPENDENCY_PLUGIN}:copy-dependencies`,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(home, 'lib')}`,
      ...(recipe.without.length > 0 ? [`-DexcludeArtifactIds=${recipe.without.join(',')}`] : []),
    ]);
    const packed = join(work, 'packed.tar.gz');
    succeed('tar', [
      ...['--create', '--file', packed, '--use-compress-program', 'gzip -1 --no-name', '--directory', work],
      ...[
        '--sort=name',
        '--mtime=@0',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        '--mode=go+rX,go-w',
        name,
      ],
    ]);
    renameSync(packed, path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Changes with everything that decides on the tarball's bytes, versions of the jars aside. */
function keyOf(recipe: Recipe): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe, DEPENDENCY_PLUGIN]));
  for (const program of recipe.programs) hash.update(readFileSync(programPath(program)));
  return hash.digest('hex').slice(0, 12);
}

function programPath(name: string): string {
  return join(import.meta.dirname, 'bin', name);
}

function pomOf(artifacts: readonly string[], version: string): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, own = version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${own}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>khp</groupId><artifactId>daemons</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies>
</project>
`;
}

function succeed(command: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stdout + stderr}`);
}

if (import.meta.main) {
  const [component = '', version = ''] = process.argv.slice(2);
  console.log(JSON.stringify(packTarball(component, version)));
}
