import { textOf } from '../../conformance/grammar/derive.ts';
import type { Random } from '../../conformance/random.ts';
import { BLOCKS } from './blocks.ts';
import { type Draft, needed, optional, type Piece } from './draft.ts';
import type { Layers } from './layers.ts';
import { dataFiles, templateFiles, templateText } from './templates.ts';

const NAMES = ['one', 'two', 'three', 'four'];

/** A component of two to four templates, one that it requires, and one that not every release has. */
export function componentFiles(random: Random, layers: Layers): Draft {
  const names = NAMES.slice(0, 2 + random.below(3));
  const [c, base, tool] = ['templates/c', 'templates/base', 'templates/tool'];
  return new Map<string, readonly Piece[]>([
    [
      `${c}/component.yml`,
      [
        needed('component: c', `requires: [${random.oneIn(4) ? '' : 'base'}]`, 'roles:', '  top: {}'),
        rolePiece(random, 'g1'),
        rolePiece(random, 'g2'),
        needed('files:', '  - { template: x.j2, path: /etc/c/x }'),
        ...names.map((name) => filePiece(random, { name, folder: 'c', roles: ['g1', 'g2', 'top'] })),
        optional('  - { template: data.j2, path: /etc/c/data.json, format: json }'),
      ],
    ],
    [`${c}/defaults.yml`, layers.file(4)],
    ...templateFiles(random, { folder: c, names }),
    [
      `${base}/component.yml`,
      [
        needed('component: base', 'roles:', '  g3: {}'),
        rolePiece(random, 'other'),
        needed('files:'),
        needed('  - { template: base.j2, path: /etc/base.conf }'),
        filePiece(random, { name: 'base', folder: 'base', roles: ['g3'] }),
      ],
    ],
    ...dataFiles(c),
    [`${base}/defaults.yml`, layers.file(3)],
    [`${base}/base.j2`, templateText(random, 'plain', 3)],
    [`${base}/_shared.j2`, templateText(random, 'plain', 2)],
    [
      `${tool}/component.yml`,
      [
        needed('component: tool', 'install: { link: "/opt/tool" }', 'roles:', '  extra: {}', 'files:'),
        needed('  - { template: tool.j2, path: /etc/tool.conf }'),
      ],
    ],
    [`${tool}/tool.j2`, templateText(random, 'plain', 2)],
  ]);
}

const short = (random: Random) => textOf(BLOCKS.derive('short', 3, random));

/** A text in single quotes of YAML: expressions hold double ones. */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** What a role has beside its files. */
function rolePiece(random: Random, name: string): Piece {
  const lines = [`  ${name}:`];
  if (random.oneIn(3)) {
    const command = quoted(`/opt/run --with ${short(random)}`);
    lines.push(
      `    service: { command: ${command}, user: nobody, limits: { nofile: ${random.pick([1024, 2048])} },`,
      `      environment: { A: ${quoted(short(random))}, B: fixed } }`,
    );
  }
  if (random.oneIn(2))
    lines.push(
      `    directories: [ { path: ${quoted(`/var/${name}/{{ item }}`)}, loop: ${random.pick(['l1', 'l2'])} } ]`,
    );
  if (random.oneIn(3)) lines.push('    logs:', `      - path: ${quoted(`/var/log/${short(random)}.log`)}`);
  if (random.oneIn(4))
    lines.push(`    metrics: [ { jmx: ${quoted(`http://localhost:${short(random)}/jmx`)}, keep: [a, b] } ]`);
  return optional(...(lines.length > 1 ? lines : [`  ${name}: {}`]));
}

interface FilePlan {
  readonly name: string;
  readonly folder: string;
  /** That it may be limited to. */
  readonly roles: readonly string[];
}

function filePiece(random: Random, { name, folder, roles }: FilePlan): Piece {
  const tail = random.oneIn(2) ? '' : `-${short(random)}`;
  const words = [
    `template: ${name}.j2`,
    `path: ${quoted(`/etc/${folder}/${name}${tail}`)}`,
    ...(random.oneIn(3) ? [`roles: [${random.pick(roles)}]`] : []),
    ...(random.oneIn(4) ? ['mode: "0600"'] : []),
    ...(random.oneIn(6) ? [`owner: ${quoted(short(random))}`] : []),
  ];
  return random.oneIn(2)
    ? optional(`  - { ${words.join(', ')} }`)
    : optional(...words.map((word, at) => `${at === 0 ? '  - ' : '    '}${word}`));
}
