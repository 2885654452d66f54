import { layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import type { CommandOptions, CommandResult } from './command.ts';

/** What the daemon goes by. */
export interface DaemonSettings {
  /** The config repository. */
  readonly repository: string;
  readonly host: string;
  /** Seconds between two polls. */
  readonly interval: number;
}

/** `settings`: what the daemon goes by, as JSON; exit 1 where /etc/khp cannot be used. */
export function settingsCommand({ root, host }: CommandOptions): CommandResult {
  const read = readSettings(layoutOf(root), host);
  if (!read.ok) return { exit: 1, text: '', problems: read.problems };
  const { config, host: name } = read.settings;
  const settings: DaemonSettings = {
    repository: config.repository,
    host: name,
    interval: config.interval,
  };
  return { exit: 0, text: `${JSON.stringify(settings)}\n`, problems: [] };
}
