import type { SourceFiles } from '../../../compiler/1-load/workspace.ts';
import { Random } from '../../conformance/random.ts';
import { componentFiles } from './components.ts';
import { type Draft, needed, optional, type Piece } from './draft.ts';
import { clusterFiles } from './hosts.ts';
import { Layers } from './layers.ts';
import { mended } from './mend.ts';

/** Drafts that may be made until one can be mended. */
const TRIES = 50;

/** A small workspace that compiles: one or two clusters, variables in every layer, templates that read them in every way. */
export function generateWorkspace(seed: number): SourceFiles {
  const random = new Random(seed);
  for (let tries = 0; tries < TRIES; tries++) {
    const files = mended(draftWorkspace(random));
    if (files) return files;
  }
  throw new Error(`no workspace of seed ${seed} compiles`);
}

function draftWorkspace(random: Random): Draft {
  const layers = new Layers(random);
  const files: [string, readonly Piece[]][] = [
    [
      'khp.yml',
      [
        needed(`hash_behaviour: ${random.oneIn(3) ? 'merge' : 'replace'}`),
        optional('ansible_managed: managed by {{ 1 }}'),
        needed('env: { WHO: me, a: env-a, web: "w" }', 'paths: [/etc, /opt, /var]'),
      ],
    ],
    ['inventories/_default.yml', layers.file(10)],
    ['releases/r.yml', releasePieces('r', ['c', 'base', 'tool'])],
    ['releases/s.yml', releasePieces('s', ['c', 'base'])],
    ...componentFiles(random, layers),
    ...clusterOf({ random, layers, type: 't', cluster: 'k', names: ['a1', 'b1.x', 'b2.x', 'c1'] }),
  ];
  if (random.oneIn(2)) files.push(['inventories/t/_default.yml', layers.file(2)]);
  if (random.oneIn(2)) {
    const type = random.pick(['t', 'u']);
    files.push(...clusterOf({ random, layers, type, cluster: 'j', names: ['d1', 'e1.x', 'e2.x'] }));
  }
  return new Map(files);
}

interface ClusterNames {
  readonly random: Random;
  readonly layers: Layers;
  readonly type: string;
  readonly cluster: string;
  /** Of its hosts. */
  readonly names: readonly string[];
}

function clusterOf({ random, layers, type, cluster, names }: ClusterNames): Draft {
  const folder = `inventories/${type}/${cluster}`;
  const release = random.pick(['r', 'r', 's']);
  const extra = release === 'r' && random.oneIn(2) ? 'extra' : undefined;
  return new Map([
    [`${folder}.yml`, [needed(`release: ${release}`), ...layers.file(3)]],
    ...clusterFiles({ random, layers, folder, names, extra }),
  ]);
}

function releasePieces(name: string, components: readonly string[]): Piece[] {
  const url = `https://mirror.example/${name}.tgz`;
  const artifact = `artifact: { url: "${url}", sha256: "${'5f70bf18'.repeat(8)}", size: 1024 }`;
  const versions = components.map((one) => {
    return `  ${one}: { version: "1.${name.length}"${one === 'tool' ? `, ${artifact}` : ''} }`;
  });
  return [needed(`release: ${name}`, 'components:', ...versions)];
}
