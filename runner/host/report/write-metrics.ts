import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatMetrics, type RunMetrics } from './format-metrics.ts';

/**
 * Puts the metrics where `path` says, whole or not at all: the collector may look at any moment, and takes `*.prom` only.
 * What lies at the path is replaced and never followed. Throws what the operating system says.
 */
export function writeMetrics(path: string, metrics: RunMetrics): void {
  const temporary = join(dirname(path), `.khp-runner-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(temporary, formatMetrics(metrics), { flag: 'wx', mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
