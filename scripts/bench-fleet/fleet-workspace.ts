import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FleetSize, generateFleet } from '../generate-fleet/generate-fleet.ts';
import { writeWorkspace } from '../generate-fleet/write-fleet.ts';
import { withAllComponents } from './full-fleet.ts';

/** A generated workspace in a git repository of its own. */
export interface FleetWorkspace {
  readonly folder: string;
  /** Commits the work tree as it is. */
  commit(message: string): void;
  /** A key of `_default.yml` that every hdfs-site.xml uses gets another value. */
  editDefault(): void;
  /** The text of hdfs-site.xml's template gets another line. */
  editTemplate(): void;
  /** One host's file says something else; of the hosts that have one, the `nth` from the first. */
  editHost(nth: number): void;
}

/** Writes the workspace of a fleet into an emptied folder, with the templates of `root`, and commits it. */
export function fleetWorkspace(size: FleetSize, folder: string, root: string): FleetWorkspace {
  writeWorkspace(withAllComponents(generateFleet(size)), folder, root);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Bench');
  git('config', 'user.email', 'bench@example.test');
  const edit = (path: string, from: RegExp, to: string) => {
    const file = join(folder, path);
    const text = readFileSync(file, 'utf8');
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`nothing to edit in ${path}`);
    writeFileSync(file, edited);
  };
  const workspace: FleetWorkspace = {
    folder,
    commit: (message) => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
    },
    editDefault: () =>
      edit('inventories/_default.yml', /^hdfs_block_size_mb: 128$/m, 'hdfs_block_size_mb: 256'),
    editTemplate: () =>
      edit(
        'templates/hadoop/hdfs-site.xml.j2',
        /^<configuration>$/m,
        "<configuration>\n{{ property('dfs.client.use.datanode.hostname', true) }}",
      ),
    editHost: (nth) => {
      const all = readdirSync(join(folder, 'inventories'), { recursive: true, encoding: 'utf8' });
      const files = all.filter((path) => path.endsWith('.host.yml')).sort();
      edit(
        join('inventories', files[nth % files.length]!),
        /$/,
        `hdfs_dn_max_transfer_threads: ${4096 + nth}\n`,
      );
    },
  };
  workspace.commit('generated');
  return workspace;
}
