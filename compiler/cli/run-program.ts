import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { COMPILER_VERSION } from '../compiler-version.ts';
import { GitError } from '../git/git-error.ts';
import type { AddCommand } from './commands.ts';
import { EXIT, remark, UsageError, write } from './console.ts';

function createProgram(commands: readonly AddCommand[]): Command {
  const program = new Command('khp')
    .description('Runs fleets of Hadoop-like clusters from git.')
    .version(COMPILER_VERSION)
    .option('-C <dir>', 'work in the workspace around this folder', (dir: string, before?: string) =>
      before === undefined ? dir : resolve(before, dir),
    )
    .option('--json', 'print the result as JSON')
    .configureOutput({
      writeOut: (text) => write('stdout', text),
      writeErr: (text) => write('stderr', text),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see khp --help)')
    .exitOverride();
  for (const add of commands) add(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(see khp ${command.name()} --help)`);
  return program;
}

/** Runs the command that the arguments of the process name, one of these, and sets the exit code. */
export async function runProgram(commands: readonly AddCommand[]): Promise<void> {
  try {
    await createProgram(commands).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.well : EXIT.usage;
    } else if (error instanceof UsageError) {
      remark(`khp: ${error.message}`);
      process.exitCode = EXIT.usage;
    } else if (error instanceof GitError) {
      // A repository that cannot be reached, read or written: git says why.
      remark(`khp: ${error.message}`);
      process.exitCode = EXIT.problems;
    } else {
      remark(
        `khp: a bug of ours, please report it with what follows\n${(error as Error)?.stack ?? String(error)}`,
      );
      process.exitCode = EXIT.bug;
    }
  }
}
