import type { Command } from 'commander';
import { retire } from '../../runner/fleet/retire.ts';
import { HOST_NAME, NAME } from '../contract/names.ts';
import { RETIRE_ALL } from '../contract/promotion.ts';
import { EXIT, print, UsageError } from './console.ts';
import { globalsOf } from './globals.ts';
import { tellDiagnostics } from './print-diagnostics.ts';
import { signingFleet } from './signing.ts';

/** `khp retire`: has a host stop and forget what is no longer in the workspace; files and data stay. */
export function addRetire(program: Command): void {
  program
    .command('retire')
    .description('stop a service, or all of a host, that the workspace no longer names; files and data stay')
    .argument('<host[/role]>')
    .option('--key <file>', 'the private key to sign with, as for promote; KHP_SIGNING_KEY where not said')
    .action(async (what: string, options: { key?: string }, command: Command) => {
      const globals = globalsOf(command);
      const { json } = globals;
      const [host = '', role, ...rest] = what.split('/');
      if (!HOST_NAME.test(host) || rest.length > 0 || (role !== undefined && !NAME.test(role)))
        throw new UsageError(`${JSON.stringify(what)} is neither a host nor host/role`);
      const fleet = await signingFleet(options.key, globals);
      if (!fleet) {
        process.exitCode = EXIT.problems;
        return;
      }
      const { value, diagnostics } = await retire({
        config: fleet.config,
        trust: fleet.trust,
        who: fleet.who,
        now: Math.floor(Date.now() / 1000),
        key: fleet.key,
        host,
        role,
      });
      tellDiagnostics(diagnostics, new Map(), json);
      process.exitCode = value ? EXIT.well : EXIT.problems;
      if (!value) return;
      const all = value.retire.includes(RETIRE_ALL);
      const text = `seq ${value.seq} retires ${all ? `all that ${host} runs` : `${value.retire.join(', ')} on ${host}`}; its files and data stay`;
      print(json ? JSON.stringify(value) : text);
    });
}
