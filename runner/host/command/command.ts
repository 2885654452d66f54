import { layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import { type Host, hostOf } from '../run/run-once.ts';
import { isSystemError, systemMessage } from '../run/system-error.ts';

/** What a command is told. */
export interface CommandOptions {
  /** Absolute. */
  readonly root: string;
  /** The host's name, where it is given. */
  readonly host: string | undefined;
  readonly json: boolean;
  /** Print nothing where nothing has changed. */
  readonly quiet?: boolean | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How a command ended. Exit: 0 well, 1 a problem. */
export interface CommandResult {
  readonly exit: 0 | 1;
  /** For stdout. */
  readonly text: string;
  /** For stderr, one line each. */
  readonly problems: readonly string[];
}

/** Runs a command on the host that the options name; settings that cannot be used end it. */
export async function onHost(
  { root, host }: CommandOptions,
  use: (host: Host) => Promise<CommandResult>,
): Promise<CommandResult> {
  const layout = layoutOf(root);
  const read = readSettings(layout, host);
  if (!read.ok) return { exit: 1, text: '', problems: read.problems };
  try {
    return await use(hostOf(layout, read.settings));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { exit: 1, text: '', problems: [systemMessage(error)] };
  }
}
