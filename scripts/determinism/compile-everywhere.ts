import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../conformance/random.ts';

const PARTS = ['khp.yml', 'inventories', 'releases', 'templates'];
const ZONES = ['UTC', 'Asia/Kolkata', 'America/St_Johns'];
const LOCALES = ['C', 'tr_TR.UTF-8', 'de_DE.UTF-8'];
const WORKERS = ['1', '2', '8'];
const FOLDERS = ['a', 'b/with a space/ü/deeper'];

/** Where and how one compile ran, and what it gave. */
export interface Compiled {
  readonly how: string;
  readonly tree: string;
}

/** What to compile, and by which programs. */
export interface Everywhere {
  /** The project. */
  readonly root: string;
  /** An empty folder. */
  readonly area: string;
  /** Programs of Node, one a version. */
  readonly nodes: readonly string[];
  readonly compiles: number;
  readonly seed: number;
  readonly onCompile?: (compiled: Compiled) => void;
}

/**
 * Compiles the sample workspace again and again: by each Node, in every zone and locale, with files made in another
 * order, in two folders, by one thread or more, with what is known from before and without.
 */
export function compileEverywhere(request: Everywhere): Compiled[] {
  const { root, area, nodes, compiles, onCompile } = request;
  const random = new Random(request.seed);
  const done: Compiled[] = [];
  for (let at = 0; at < compiles; at++) {
    // Each round has another folder, so that all pairs come about.
    const node = nodes[at % nodes.length]!;
    const folder = join(area, FOLDERS[((at / nodes.length) | 0) % FOLDERS.length]!);
    const [zone, locale, workers] = [random.pick(ZONES), random.pick(LOCALES), random.pick(WORKERS)];
    const cached = random.oneIn(2) && existsSync(join(folder, '.git'));
    if (!cached) makeWorkspace(root, folder, random);
    const env = { ...process.env, TZ: zone, LC_ALL: locale, LANG: locale };
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
    if (cached) git('commit', '--quiet', '--allow-empty', '-m', `again ${at}`);
    const args = [join(root, 'compiler/cli/khp.ts'), '-C', folder, 'compile', '--workers', workers];
    execFileSync(node, args, { env, stdio: 'pipe' });
    const tree = git('rev-parse', 'bundles^{tree}');
    const how = `${node} ${zone} ${locale} ${workers} workers, ${cached ? 'cached' : 'fresh'}, ${folder}`;
    done.push({ how, tree });
    onCompile?.({ how, tree });
  }
  return done;
}

function makeWorkspace(root: string, folder: string, random: Random): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const inOrder = (names: string[]) =>
    names.map((name) => ({ name, key: random.below(1 << 20) })).sort((a, b) => a.key - b.key);
  const copy = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const { name } of inOrder(readdirSync(from))) {
      const isFolder = readdirSync(from, { withFileTypes: true }).some(
        (entry) => entry.name === name && entry.isDirectory(),
      );
      if (isFolder) copy(join(from, name), join(to, name));
      else cpSync(join(from, name), join(to, name));
    }
  };
  for (const part of PARTS.slice(1)) copy(join(root, part), join(folder, part));
  cpSync(join(root, PARTS[0]!), join(folder, PARTS[0]!));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@khp.invalid');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'sample');
}
