#!/usr/bin/env node
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { COMPILER_VERSION } from '../compiler-version.ts';
import { GitError } from '../git/git-error.ts';
import { loadCommands } from './commands.ts';
import { EXIT, endWithReader, remark, UsageError } from './console.ts';

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('khp')
    .description('Runs fleets of Hadoop-like clusters from git.')
    .version(COMPILER_VERSION)
    .option('-C <dir>', 'work in the workspace around this folder', (dir: string, before?: string) =>
      before === undefined ? dir : resolve(before, dir),
    )
    .option('--json', 'print the result as JSON')
    .showHelpAfterError('(see khp --help)')
    .exitOverride();
  for (const add of await loadCommands(args)) add(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(see khp ${command.name()} --help)`);
  return program;
}

endWithReader();
try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync();
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
