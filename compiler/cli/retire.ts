import type { Command } from 'commander';
import { notYet } from './not-yet.ts';

/** `khp retire`: stops and forgets what is no longer in the workspace. */
export function addRetire(program: Command): void {
  program
    .command('retire')
    .description('stop a service, or all of a host, that the workspace no longer names (not yet)')
    .argument('<host[/role]>')
    .action(() => {
      process.exitCode = notYet('retire');
    });
}
