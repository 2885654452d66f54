#!/usr/bin/env node
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { COMPILER_VERSION } from '../compile.ts';
import { GitError } from '../git/run-git.ts';
import { addCheck } from './check.ts';
import { addCollect } from './collect.ts';
import { addCompile } from './compile.ts';
import { EXIT, remark, UsageError } from './console.ts';
import { addDiff } from './diff.ts';
import { addExplain } from './explain.ts';
import { addInventory } from './inventory.ts';
import { addPromote } from './promote.ts';
import { addRender } from './render.ts';
import { addRetire } from './retire.ts';
import { addSite } from './site.ts';

const COMMANDS = [
  addCheck,
  addCompile,
  addDiff,
  addExplain,
  addInventory,
  addRender,
  addPromote,
  addRetire,
  addCollect,
  addSite,
];

function createProgram(): Command {
  const program = new Command('khp')
    .description('Runs fleets of Hadoop-like clusters from git.')
    .version(COMPILER_VERSION)
    .option('-C <dir>', 'work in the workspace around this folder', (dir: string, before?: string) =>
      before === undefined ? dir : resolve(before, dir),
    )
    .option('--json', 'print the result as JSON')
    .showHelpAfterError('(see khp --help)')
    .exitOverride();
  for (const add of COMMANDS) add(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(see khp ${command.name()} --help)`);
  return program;
}

try {
  await createProgram().parseAsync();
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
