import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { buildSite } from '../../site/build.ts';
import { STATES } from '../contract/state.ts';
import { configStore, workTreeSettings } from './config-repository.ts';
import { EXIT, print, progress } from './console.ts';
import { count } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import { gitWorkspace } from './source.ts';

/** `khp site`: the portal, as static files. */
export function addSite(program: Command): void {
  program
    .command('site')
    .description('build the portal from what the config repository holds')
    .option('--out <dir>', 'where to; .khp/site of the workspace where not said')
    .action(async ({ out }: { out?: string }, command: Command) => {
      const { folder, json } = globalsOf(command);
      const workspace = await gitWorkspace(folder);
      const settings = workTreeSettings(folder, json);
      if (!settings) {
        process.exitCode = EXIT.problems;
        return;
      }
      const { repository, url } = await configStore(workspace, settings);
      const outDir = resolve(out ?? join(workspace.root, '.khp', 'site'));
      const result = await buildSite({
        config: url ?? repository.gitDir,
        workspace: workspace.root,
        outDir,
        now: Math.floor(Date.now() / 1000),
        onStep: (step) => progress(`site: ${step}`),
      });
      progress('');
      const { diagnostics, ...built } = result;
      tellDiagnostics(diagnostics, new Map(), json);
      process.exitCode = hasErrors(diagnostics) ? EXIT.problems : EXIT.well;
      if (hasErrors(diagnostics)) return;
      print(json ? JSON.stringify({ ...built, out: outDir }) : summaryText(result, outDir));
    });
}

function summaryText(
  { pages, clusters, hosts }: Awaited<ReturnType<typeof buildSite>>,
  outDir: string,
): string {
  const states = STATES.flatMap((state) => (hosts[state] ? `${hosts[state]} ${state}` : []));
  const where = relative(process.cwd(), outDir) || '.';
  return `${count(pages, 'page')} for ${count(clusters, 'cluster')} (${states.join(', ')}) in ${where}`;
}
