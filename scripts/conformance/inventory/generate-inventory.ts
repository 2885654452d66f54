import { Random } from '../random.ts';
import { derived, iniText } from './ini-text.ts';
import type { InventoryCase } from './inventory-case.ts';
import { varsText, yamlInventory } from './yaml-text.ts';

/** `count` inventories; the kinds have their turns, the rest is chance by the seed. */
export function generateInventories(count: number, seed: number): InventoryCase[] {
  const random = new Random(seed);
  const kinds = Object.keys(KINDS);
  return Array.from({ length: count }, (_, id) => {
    const feature = kinds[id % kinds.length]!;
    // Half of the inventories are well formed, for what is refused as a whole tells little of what is read.
    const wild = random.oneIn(2) ? 0 : 6 + random.below(20);
    const made = KINDS[feature]!(random, wild);
    const files = withoutConflicts(made.files);
    const hashBehaviour = random.oneIn(3) ? 'merge' : 'replace';
    return {
      id,
      feature,
      files,
      sources: made.sources,
      hashBehaviour,
      ask: ask(random, Object.values(files).join('\n')),
    };
  });
}

type Made = Pick<InventoryCase, 'files' | 'sources'>;

const KINDS: Readonly<Record<string, (random: Random, wild: number) => Made>> = {
  ini: (random, wild) => ({ files: { hosts: iniText(random, wild) }, sources: ['hosts'] }),
  yaml: (random, wild) => ({ files: { 'hosts.yml': yamlInventory(random, wild) }, sources: ['hosts.yml'] }),
  'ini with files of variables': (random, wild) => ({
    files: { hosts: iniText(random, random.oneIn(3) ? wild : 0), ...varsFiles(random, '', wild) },
    sources: ['hosts'],
  }),
  'yaml with files of variables': (random, wild) => ({
    files: {
      'inv/hosts.yml': yamlInventory(random, random.oneIn(3) ? wild : 0),
      ...varsFiles(random, 'inv/', wild),
      ...(random.oneIn(3) ? varsFiles(random, '', wild) : {}),
    },
    sources: ['inv/hosts.yml'],
  }),
  'several sources': (random, wild) => {
    const count = 2 + random.below(2);
    const files: Record<string, string> = {};
    const sources: string[] = [];
    for (let at = 0; at < count; at++) {
      const folder = random.oneIn(2) ? '' : `${random.pick(['x', 'y'])}/`;
      const path = folder + random.pick([`s${at}`, `s${at}.yml`, `s${at}.ini`, `s${at}.yaml`, `s${at}.json`]);
      files[path] = /\.(?:yml|yaml|json)$/u.test(path) ? yamlInventory(random, wild) : iniText(random, wild);
      sources.push(path);
      if (random.oneIn(3)) Object.assign(files, varsFiles(random, folder, wild));
    }
    if (random.oneIn(6)) sources.splice(random.below(sources.length + 1), 0, hostList(random));
    if (random.oneIn(10)) sources.push(random.pick(['nowhere', sources[0]!, 'x']));
    return { files, sources };
  },
  'a folder': (random, wild) => {
    const files: Record<string, string> = {};
    for (const name of FOLDER_NAMES) {
      if (!random.oneIn(5)) continue;
      files[`inv/${name}`] = /\.(?:ya?ml|json)$/u.test(name)
        ? yamlInventory(random, wild)
        : iniText(random, wild);
    }
    if (Object.keys(files).length === 0) files['inv/hosts'] = iniText(random, wild);
    return {
      files: { ...files, ...varsFiles(random, 'inv/', wild) },
      sources: [random.oneIn(4) ? 'inv/' : 'inv'],
    };
  },
};

const FOLDER_NAMES = [
  '01-a',
  '02-b.yml',
  '10-c',
  'hosts',
  'hosts.yml',
  'z.yaml',
  'sub/inner',
  'sub/deep/x.yml',
  '.hidden',
  'old.bak',
  'x~',
  'notes.txt',
  'a.ini',
  'b.cfg',
  'c.json',
  'README.md',
  'w.conf',
];

/** Files of group_vars and host_vars in the forms in which Ansible finds them, and in some in which it does not. */
function varsFiles(random: Random, folder: string, wild: number): Record<string, string> {
  const files: Record<string, string> = {};
  const entities = [
    ...['all', 'web', 'db', 'app', 'core', 'g1', 'ungrouped'].map((group) => `group_vars/${group}`),
    ...['h1', 'h2', 'n1.x', 'h3'].map((host) => `host_vars/${host}`),
  ];
  for (const entity of entities) {
    if (!random.oneIn(3)) continue;
    for (let left = random.oneIn(5) ? 2 : 1; left > 0; left--) {
      const form = wild > 0 && random.oneIn(4) ? random.pick(ODD_FORMS) : random.pick(FORMS);
      files[folder + entity + form] = varsText(random, wild);
    }
  }
  return files;
}

/** Without the files that lie below a path which is a file itself. */
function withoutConflicts(files: Made['files']): Made['files'] {
  const below = (path: string) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'));
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !below(path).some((parent) => parent in files)),
  );
}

const FORMS = [
  '.yml',
  '.yml',
  '.yml',
  '',
  '.yaml',
  '.json',
  '/main.yml',
  '/a.yml',
  '/b.yaml',
  '/sub/c.yml',
  '/plain',
];
const ODD_FORMS = [
  '.txt',
  '.ini',
  '.yml~',
  '/.hidden.yml',
  '/x.yml~',
  '/y.txt',
  '/sub/.h/c.yml',
  '/z.json',
  '.YML',
  '/10.yml',
  '/9.yml',
  '/w.bak',
  '.yml.bak',
];

function hostList(random: Random): string {
  return random.pick(['h1,', 'h9,h8', 'a b, c', ',', 'h1:22,h2', '[::1]:22,', 'h[1:2],', 'x/y,z', ' h5 ,']);
}

/** What may stand for one host. */
const PATTERNS = [
  'web',
  'web[0]',
  'db[-1]',
  'all[1]',
  'h*[0]',
  '~h1$',
  'n?.x',
  'h[12]',
  'h1,h2:!h2',
  'web:&db',
  'all:!web:!h2',
  'ungrouped',
  'h1 h1',
];

function ask(random: Random, text: string): InventoryCase['ask'] {
  const kind = random.below(10);
  if (kind === 0) {
    const from = random.oneIn(4) ? derived('group', random) : 'all';
    return random.oneIn(2) ? ['graph', from, '--vars'] : ['graph', from];
  }
  const known = ['h1', 'h2', 'h3', 'n1.x', 'n2.x'].filter((host) => text.includes(host));
  if (kind === 1) {
    if (random.oneIn(4)) return ['host', random.pick(PATTERNS)];
    return ['host', known.length === 0 || random.oneIn(20) ? 'nobody' : random.pick(known)];
  }
  return ['list'];
}
