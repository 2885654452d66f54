import type { Command } from 'commander';

/** Adds a command to the program. */
export type AddCommand = (program: Command) => void;

// In the order of the help. Loading the modules of all of them would take longer than most commands do.
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  check: async () => (await import('./check.ts')).addCheck,
  compile: async () => (await import('./compile.ts')).addCompile,
  diff: async () => (await import('./diff.ts')).addDiff,
  explain: async () => (await import('./explain.ts')).addExplain,
  inventory: async () => (await import('./inventory.ts')).addInventory,
  render: async () => (await import('./render.ts')).addRender,
  promote: async () => (await import('./promote.ts')).addPromote,
  retire: async () => (await import('./retire.ts')).addRetire,
  collect: async () => (await import('./collect.ts')).addCollect,
  secret: async () => (await import('./secret.ts')).addSecret,
  site: async () => (await import('./site.ts')).addSite,
};

/** The command that the arguments name, or every one where they name none. */
export async function loadCommands(args: readonly string[]): Promise<AddCommand[]> {
  const name = firstOperand(args);
  const one = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return Promise.all((one ? [one] : Object.values(COMMANDS)).map((load) => load()));
}

/** The first argument that is neither an option nor the folder of `-C`. */
function firstOperand(args: readonly string[]): string | undefined {
  const index = args.findIndex((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-C');
  return args[index];
}
