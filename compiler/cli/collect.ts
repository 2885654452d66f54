import type { Command } from 'commander';
import { collect } from '../../runner/fleet/collect.ts';
import { STATUS_REF } from '../contract/names.ts';
import { configStore, reportsStore, workTreeSettings } from './config-repository.ts';
import { EXIT, print } from './console.ts';
import { count } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { operator } from './operator.ts';
import { tellDiagnostics } from './print-diagnostics.ts';
import { gitWorkspace } from './source.ts';

/** `khp collect`: the hosts' reports, gathered into the config repository. */
export function addCollect(program: Command): void {
  program
    .command('collect')
    .description(`gather the reports of hosts into ${STATUS_REF}`)
    .action(async (_options: unknown, command: Command) => {
      const { folder, json } = globalsOf(command);
      const workspace = await gitWorkspace(folder);
      const settings = workTreeSettings(folder, json);
      if (!settings) {
        process.exitCode = EXIT.problems;
        return;
      }
      const { value, diagnostics } = await collect({
        config: await configStore(workspace, settings),
        reports: await reportsStore(workspace, settings),
        who: await operator(workspace.repository),
        now: Math.floor(Date.now() / 1000),
      });
      tellDiagnostics(diagnostics, new Map(), json);
      process.exitCode = value ? EXIT.well : EXIT.problems;
      if (!value) return;
      const { hosts, changed } = value;
      print(
        json
          ? JSON.stringify(value)
          : `${count(hosts, 'report')}, ${count(changed.length, 'cluster')} changed`,
      );
    });
}
