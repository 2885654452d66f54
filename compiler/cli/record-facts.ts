import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from '../1-load/load.ts';
import type { Cluster } from '../1-load/workspace.ts';
import type { HostFacts } from '../contract/facts.ts';
import { firstLabel, HOST_NAME, isNamedAfter } from '../contract/names.ts';
import type { ClusterStatus } from '../contract/report.ts';
import { UsageError } from './console.ts';
import { factsFile, isRecorded } from './facts-file.ts';
import type { GitWorkspace } from './source.ts';
import { workTreeSource } from './work-tree.ts';

/** What became of the facts of hosts, as paths of their files. */
export interface RecordedFacts {
  /** How many hosts of the work tree have reported facts. */
  readonly hosts: number;
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
  let hosts = 0;
  for (const cluster of workspace.clusters) {
    for (const { name } of cluster.inventory.hosts) {
      const found = facts.get(name);
      // A name that can be none of a host's is told of by `check`, and names no file.
      if (!found || !HOST_NAME.test(name)) continue;
      hosts++;
      const path = pathFor(name, cluster);
      const text = factsFile(found);
      const before = files.get(path);
      const old = before && new TextDecoder().decode(before);
      if (old === text) continue;
      // A link, or a file that is no part of the workspace, is no file of ours either.
      const isOther = old === undefined ? kindOf(join(root, path)) !== 'none' : !isRecorded(old);
      if (isOther) kept.push(path);
      else {
        writeBelow(root, path, text);
        written.push(path);
      }
    }
  }
  return { hosts, written: written.sort(), kept: kept.sort() };
}

/** The file that the host has, be it named after its first label, or the one that it will have. */
function pathFor(host: string, { type, name, facts, inventory }: Cluster): string {
  const label = firstLabel(host);
  const file =
    facts.get(host) ?? (isNamedAfter(host, label, inventory.byName) ? facts.get(label) : undefined);
  return file?.file ?? `inventories/${type}/${name}/${host}.facts.yml`;
}

function writeBelow(root: string, path: string, text: string): void {
  const file = join(root, path);
  // A link would have us write anywhere.
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    if (kindOf(join(root, at)) === 'other') throw new UsageError(`${at} is no folder of the workspace`);
  }
  if (kindOf(`${file}.new`) === 'folder') throw new UsageError(`${path}.new is a folder: move it away`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, text, { flag: 'wx' });
  renameSync(`${file}.new`, file);
}

/** What stands at a path, links not followed. */
function kindOf(path: string): 'none' | 'folder' | 'other' {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 'none';
  return stat.isDirectory() ? 'folder' : 'other';
}
