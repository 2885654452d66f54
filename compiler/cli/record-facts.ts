import { mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { load } from '../1-load/load.ts';
import type { Cluster } from '../1-load/workspace.ts';
import type { HostFacts } from '../contract/facts.ts';
import type { ClusterStatus } from '../contract/report.ts';
import { UsageError } from './console.ts';
import { factsFile, isRecorded } from './facts-file.ts';
import type { GitWorkspace } from './source.ts';
import { workTreeSource } from './work-tree.ts';

/** What became of the facts of hosts, as paths of their files. */
export interface RecordedFacts {
  readonly written: readonly string[];
  /** Files of other facts, which a person wrote: left as they are. */
  readonly kept: readonly string[];
}

/**
 * Writes the facts of reports into the work tree, beside the settings of their hosts. Which hosts there are, and what
 * their files are called, the inventories say and no report. A file that would not change is not written.
 */
export function recordFacts({ root }: GitWorkspace, statuses: readonly ClusterStatus[]): RecordedFacts {
  const facts = new Map<string, HostFacts>();
  for (const { hosts } of statuses) {
    for (const [host, report] of Object.entries(hosts)) if (report.facts) facts.set(host, report.facts);
  }
  const { files } = workTreeSource(root);
  const { value: workspace } = load(files);
  const written: string[] = [];
  const kept: string[] = [];
  for (const cluster of workspace.clusters) {
    for (const { name } of cluster.inventory.hosts) {
      const found = facts.get(name);
      if (!found) continue;
      const path = pathFor(name, cluster);
      const text = factsFile(found);
      const before = files.get(path);
      const old = before && new TextDecoder().decode(before);
      if (old === text) continue;
      if (old !== undefined && !isRecorded(old)) kept.push(path);
      else {
        writeBelow(root, path, text);
        written.push(path);
      }
    }
  }
  return { written: written.sort(), kept: kept.sort() };
}

/** The file that the host has, be it named after its first label, or the one that it will have. */
function pathFor(host: string, { type, name, facts, inventory }: Cluster): string {
  const label = host.split('.', 1)[0]!;
  const isOther = label !== host && inventory.hosts.some((one) => one.name === label);
  const file = facts.get(host) ?? (isOther ? undefined : facts.get(label));
  return file?.file ?? `inventories/${type}/${name}/${host}.facts.yml`;
}

function writeBelow(root: string, path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  // A link out of the workspace would have us write anywhere.
  if (!realpathSync(dirname(file)).startsWith(realpathSync(root) + sep))
    throw new UsageError(`${dirname(path)} is not in the workspace`);
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, text, { flag: 'wx' });
  renameSync(`${file}.new`, file);
}
