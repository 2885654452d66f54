import type { Command } from 'commander';
import { type Collected, collect } from '../../runner/fleet/collect.ts';
import { readStatus } from '../../runner/fleet/status.ts';
import { STATUS_REF } from '../contract/names.ts';
import { reportsStore } from './config-repository.ts';
import { EXIT, print } from './console.ts';
import { count } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { operatedFleet } from './operated-fleet.ts';
import { tellDiagnostics } from './print-diagnostics.ts';
import { type RecordedFacts, recordFacts } from './record-facts.ts';

/** `khp collect`: the hosts' reports, gathered into the config repository. */
export function addCollect(program: Command): void {
  program
    .command('collect')
    .description(`gather the reports of hosts into ${STATUS_REF}`)
    .option('--facts', 'write what hosts say of themselves into <host>.facts.yml of the work tree')
    .action(async (options: { facts?: boolean }, command: Command) => {
      const globals = globalsOf(command);
      const { json } = globals;
      const fleet = await operatedFleet(globals);
      if (!fleet) {
        process.exitCode = EXIT.problems;
        return;
      }
      const { workspace, settings, config, who } = fleet;
      const { value, diagnostics } = await collect({
        config,
        reports: await reportsStore(workspace, settings),
        who,
        now: Math.floor(Date.now() / 1000),
      });
      tellDiagnostics(diagnostics, new Map(), json);
      process.exitCode = value ? EXIT.well : EXIT.problems;
      if (!value) return;
      const statuses =
        options.facts && value.commit !== undefined ? await readStatus(config, value.commit) : [];
      const facts = options.facts ? recordFacts(workspace, statuses) : undefined;
      print(json ? JSON.stringify({ ...value, ...(facts && { facts }) }) : textOf(value, facts));
    });
}

function textOf({ hosts, changed }: Collected, facts: RecordedFacts | undefined): string {
  const lines = [`${count(hosts, 'report')}, ${count(changed.length, 'cluster')} changed`];
  for (const path of facts?.written ?? []) lines.push(`wrote ${path}`);
  for (const path of facts?.kept ?? []) lines.push(`kept ${path}, which khp has not written`);
  if (facts?.hosts === 0) lines.push('no host of the work tree has reported facts: nothing to write');
  else if (facts && facts.written.length + facts.kept.length === 0)
    lines.push(`the facts of ${count(facts.hosts, 'host')} are written as they are`);
  return lines.join('\n');
}
