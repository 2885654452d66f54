#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { HOST_NAME } from '../../compiler/contract/names.ts';
import type { CommandOptions, CommandResult } from './command/command.ts';
import { RUNNER_VERSION } from './version.ts';

const WRONG_USAGE = 2;
const BUG = 3;

/** Wrong arguments, said by us and not by commander. */
class UsageError extends Error {}

interface Flags {
  readonly root: string;
  readonly host?: string;
  readonly json?: boolean;
}

interface ApplyFlags extends Flags {
  readonly prestage?: boolean;
  readonly quiet?: boolean;
}

type RunnerCommand = (options: CommandOptions) => Promise<CommandResult>;

// Loaded when they are asked for: the daemon, which waits for weeks, has no room for what a run takes.
const loadApply = async (): Promise<RunnerCommand> => (await import('./command/apply.ts')).applyCommand;
const loadPrestage = async (): Promise<RunnerCommand> =>
  (await import('./command/prestage.ts')).prestageCommand;
const COMMANDS: Readonly<Record<string, { description: string; load: () => Promise<RunnerCommand> }>> = {
  run: {
    description: 'the daemon: look once an interval, and apply what was promoted',
    load: async () => (await import('./command/run.ts')).runCommand,
  },
  plan: {
    description: 'print what apply would do, and do nothing',
    load: async () => (await import('./command/plan.ts')).planCommand,
  },
  rollback: {
    description: 'return to the last generation that was good, without network',
    load: async () => (await import('./command/rollback.ts')).rollbackCommand,
  },
  status: {
    description: 'print what the host holds and how its last run ended',
    load: async () => (await import('./command/status.ts')).statusCommand,
  },
};

function optionsOf({ root, host, json = false }: Flags): CommandOptions {
  if (host !== undefined && !HOST_NAME.test(host)) {
    throw new UsageError(
      `--host ${JSON.stringify(host)}: not a host name in lower-case letters, digits, dots and dashes`,
    );
  }
  let real: string;
  try {
    real = realpathSync(resolve(root));
  } catch {
    throw new UsageError(`--root ${root}: no such directory`);
  }
  return { root: real, host, json, now: Date.now };
}

function tell({ exit, text, problems }: CommandResult): void {
  process.stdout.write(text);
  for (const problem of problems) process.stderr.write(`khp-runner: ${problem}\n`);
  process.exitCode = exit;
}

function commandLine(): Command {
  const program = new Command('khp-runner')
    .description('Brings a host to what was promoted to it, and reports.')
    .version(RUNNER_VERSION)
    .exitOverride();
  const add = (name: string, description: string, how = {}): Command =>
    program
      .command(name, how)
      .description(description)
      .option(
        '--root <dir>',
        'take this directory for the root of the host; owners are recorded, not set',
        '/',
      )
      .option('--host <name>', 'the host, instead of the one in runner.yml')
      .option('--json', 'print JSON')
      .exitOverride();
  // For the daemon, which asks it of a process of its own.
  add('settings', 'print what the daemon goes by', { hidden: true }).action(async (flags: Flags) =>
    tell((await import('./command/settings.ts')).settingsCommand(optionsOf(flags))),
  );
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    add(name, description).action(async (flags: Flags) => tell(await (await load())(optionsOf(flags))));
  }
  add('apply', 'fetch, verify and apply what was promoted, once, and report')
    .option('--prestage', 'only fetch and unpack the artifacts of what was promoted')
    .option('--quiet', 'print nothing where nothing has changed')
    .action(async ({ prestage, quiet, ...flags }: ApplyFlags) => {
      const load = prestage ? loadPrestage : loadApply;
      tell(await (await load())({ ...optionsOf(flags), quiet }));
    });
  add('init <role> [act]', 'prepare the storage of a role, once: format a namenode, say').action(
    async (role: string, act: string | undefined, flags: Flags) => {
      const { initCommand } = await import('./command/init.ts');
      tell(await initCommand(optionsOf(flags), { role, act }));
    },
  );
  return program;
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  } else if (error instanceof UsageError) {
    process.stderr.write(`khp-runner: ${error.message}\n`);
    process.exitCode = WRONG_USAGE;
  } else {
    process.stderr.write(`khp-runner: this is a bug of khp-runner ${RUNNER_VERSION}; please report it\n`);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = BUG;
  }
}

// Not awaited here: a file of CommonJS, which the build makes, cannot wait at its top.
commandLine().parseAsync().catch(fail);
