import type { Command } from 'commander';
import { compile } from '../compile.ts';
import { printJson } from '../diagnostics/json.ts';
import { EXIT, print, progress, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { diagnosticsText, hasErrors, strictly } from './print-diagnostics.ts';
import { parseSelectors } from './selector.ts';
import { workTreeSource } from './work-tree.ts';

/** `khp check`: every problem of the work tree, for every host; nothing is written. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('find every problem of the workspace, as it lies in the work tree')
    .argument(
      '[selector...]',
      'type, type/cluster, type/cluster/host, or a glob of these; every host where not said',
    )
    .option('--strict', 'take warnings for errors')
    .action((selectors: string[], { strict }: { strict?: boolean }, command: Command) => {
      const { folder, json } = globalsOf(command);
      const source = workTreeSource(folder);
      const selection = parseSelectors(selectors);
      const { value, diagnostics: found } = compile(source, {
        matches: (host) => selection.matches(host),
        onProgress: (done, total) => progress(`checked ${done} of ${count(total, 'host')}`),
      });
      progress('');
      const diagnostics = strict ? strictly(found) : found;
      const hosts = value.inventory.clusters.flatMap((cluster) => cluster.hosts);
      const unmatched = selection.unmatched(hosts);
      // Where something is wrong, the missing hosts may be its consequence.
      if (unmatched.length > 0 && !hasErrors(diagnostics)) {
        throw new UsageError(`${unmatched.join(', ')}: selects no host`);
      }
      if (json) print(printJson(diagnostics));
      else if (diagnostics.length > 0) print(diagnosticsText(diagnostics, source.files));
      else {
        const clusters = new Set(
          value.bundles.map(({ manifest: { type, cluster } }) => `${type}/${cluster}`),
        );
        print(
          `${count(value.bundles.length, 'host')} of ${count(clusters.size, 'cluster')}: no problem found`,
        );
      }
      process.exitCode = hasErrors(diagnostics) ? EXIT.problems : EXIT.well;
    });
}
