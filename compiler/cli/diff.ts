import { type Command, Option } from 'commander';
import { printJson } from '../diagnostics/json.ts';
import { type BrokenSide, compareFleets } from './compare-fleets.ts';
import { compileCache } from './compile-cache.ts';
import { EXIT, print, remark, UsageError, usesColor } from './console.ts';
import { diffMarkdown } from './diff-markdown.ts';
import { diffJson, diffReport } from './diff-report.ts';
import { diffText } from './diff-text.ts';
import { fleetOfCommit, fleetOfFiles } from './fleet-source.ts';
import { globalsOf, workersOption } from './globals.ts';
import { diagnosticsText } from './print-diagnostics.ts';
import { commitOf, gitWorkspace } from './source.ts';
import { workTreeSource } from './work-tree.ts';

interface Options {
  readonly format?: string;
  readonly cache: boolean;
  readonly workers?: number;
}

/** `khp diff`: what an edit changes on the hosts, and which daemons must restart for it. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .description(
      'compile two states of the workspace and compare the results; BASE is HEAD and HEAD the work tree where not said',
    )
    .argument('[base]', 'a commit', 'HEAD')
    .argument('[head]', 'a commit; the work tree where not said')
    .addOption(new Option('--format <format>').choices(['text', 'markdown', 'json']))
    .option('--no-cache', 'compile both in full, whatever is known from before')
    .addOption(workersOption())
    .action(async (base: string, head: string | undefined, options: Options, command: Command) => {
      const { folder, json } = globalsOf(command);
      if (json && options.format !== undefined && options.format !== 'json')
        throw new UsageError(`--json and --format ${options.format} are two forms of one answer: give one`);
      const workspace = await gitWorkspace(folder);
      const format = options.format ?? (json ? 'json' : 'text');
      const young = head ?? 'the work tree';
      const sides = {
        old: { name: base, source: await fleetOfCommit(workspace, await commitOf(workspace, base)) },
        young: {
          name: young,
          source: head
            ? await fleetOfCommit(workspace, await commitOf(workspace, head))
            : fleetOfFiles(workTreeSource(folder)),
        },
      };
      const { changes, broken } = await compareFleets({
        ...sides,
        cache: options.cache ? compileCache(workspace) : undefined,
        workers: options.workers,
      });
      if (broken.length > 0) {
        process.exitCode = EXIT.problems;
        if (format === 'json') print(printJson(broken.flatMap(({ diagnostics }) => diagnostics)));
        else for (const side of broken) remark(brokenText(side));
        return;
      }
      const report = diffReport(changes);
      if (format === 'json') print(diffJson(report));
      else print(format === 'markdown' ? diffMarkdown(report) : diffText(report, usesColor()));
    });
}

function brokenText({ name, files, diagnostics }: BrokenSide): string {
  return `khp: ${name} does not compile\n${diagnosticsText(diagnostics, files)}`;
}
