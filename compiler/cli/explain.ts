import type { Command } from 'commander';
import { notYet } from './not-yet.ts';

/** `khp explain`: where a value came from. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('where a value or a line of a file came from (not yet)')
    .argument('<host>')
    .argument('<var-or-file>', 'VAR or FILE[:LINE]')
    .action(() => {
      process.exitCode = notYet('explain');
    });
}
