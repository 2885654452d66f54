import type { Command } from 'commander';

/** Options of every command. */
export interface Globals {
  /** The folder to work in. */
  readonly folder: string;
  readonly json: boolean;
}

/** The options that stand before or behind the command's name. */
export function globalsOf(command: Command): Globals {
  const { C, json } = command.optsWithGlobals<{ C?: string; json?: boolean }>();
  return { folder: C ?? process.cwd(), json: json === true };
}
