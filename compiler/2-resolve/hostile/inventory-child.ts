/**
 * Reads hostile inventories, a JSON array on stdin, and says on stdout, a JSON line each, what was found wrong and what
 * it took. It leaves the rest of them when it has grown, so that the memory of one doesn't count for the next.
 */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadAnsible } from '../../1-load/load-ansible.ts';
import { inventoryGraph, inventoryList } from '../ansible-inventory.ts';
import { resolveAnsible } from '../resolve-ansible.ts';
import type { HostileContent, HostileInventory, InventoryRun } from './hostile-inventory.ts';

/** Megabytes after which a process takes no further case. */
const GROWN = 160;

function write(path: string, content: HostileContent): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === 'string') writeFileSync(path, content);
  else if ('latin1' in content) writeFileSync(path, content.latin1, 'latin1');
  else if ('link' in content) symlinkSync(content.link, path);
  else if ('fifo' in content) execFileSync('mkfifo', [path]);
  else if ('zeros' in content) {
    writeFileSync(path, '');
    truncateSync(path, content.zeros);
  } else if ('numbered' in content) {
    const line = (i: number) => content.numbered.replaceAll('#', `${i}`).replaceAll('+', `${i + 1}`);
    writeFileSync(
      path,
      (content.head ?? '') + Array.from({ length: content.count }, (_, i) => line(i)).join(''),
    );
  } else {
    writeFileSync(
      path,
      content.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join(''),
    );
  }
}

function run({ files, sources = ['hosts'], graph }: HostileInventory): InventoryRun {
  const folder = mkdtempSync(join(tmpdir(), 'khp-hostile-'));
  for (const [path, content] of Object.entries(files)) write(join(folder, path), content);
  const before = process.cpuUsage();
  const { value, diagnostics } = loadAnsible({ folder, sources, playbookDir: undefined });
  const { inventory, groupVars } = resolveAnsible(value, 'merge');
  const clusters = [inventory];
  const printed = graph ? inventoryGraph({ clusters, groupVars }) : inventoryList(clusters);
  if ('parts' in printed) writeFileSync(join(folder, 'printed'), printed.parts.join(''));
  const { user, system } = process.cpuUsage(before);
  rmSync(folder, { recursive: true });
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ place, message }) => `${place?.file}:${place?.line}: ${message}`.slice(0, 400));
  return {
    errors: errors.slice(0, 20),
    ...('problem' in printed && { problem: printed.problem }),
    milliseconds: (user + system) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
}

for (const test of JSON.parse(readFileSync(0, 'utf8')) as HostileInventory[]) {
  process.stdout.write(`${JSON.stringify(run(test))}\n`);
  if (process.resourceUsage().maxRSS / 1024 > GROWN) break;
}
