import { type Command, InvalidArgumentError, Option } from 'commander';

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

/** How many threads compile. */
export function workersOption(): Option {
  return new Option('--workers <n>', 'compile with so many threads; as many as pay where not said').argParser(
    (text) => {
      if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('a number from 1 to 99 is needed');
      return Number(text);
    },
  );
}
