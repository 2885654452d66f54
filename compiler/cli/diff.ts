import { type Command, Option } from 'commander';
import { compareBundles } from '../4-seal/change.ts';
import { type Compilation, compile } from '../compile.ts';
import type { Outcome } from '../contract/diagnostic.ts';
import { printJson } from '../diagnostics/json.ts';
import { EXIT, print, progress, remark, usesColor } from './console.ts';
import { diffMarkdown } from './diff-markdown.ts';
import { diffJson, diffReport } from './diff-report.ts';
import { diffText } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { diagnosticsText, hasErrors } from './print-diagnostics.ts';
import { commitOf, commitSource, gitWorkspace } from './source.ts';
import { type Source, workTreeSource } from './work-tree.ts';

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
    .action(
      async (base: string, head: string | undefined, options: { format?: string }, command: Command) => {
        const { folder, json } = globalsOf(command);
        const workspace = await gitWorkspace(folder);
        const before = await commitSource(workspace, await commitOf(workspace, base));
        const after = head
          ? await commitSource(workspace, await commitOf(workspace, head))
          : workTreeSource(folder);
        const format = options.format ?? (json ? 'json' : 'text');
        const old = { name: base, source: before, ...compileSide(before, base) };
        const name = head ?? 'the work tree';
        const young = { name, source: after, ...compileSide(after, name) };
        const broken = [old, young].filter(({ diagnostics }) => hasErrors(diagnostics));
        if (broken.length > 0) {
          process.exitCode = EXIT.problems;
          if (format === 'json') print(printJson(broken.flatMap(({ diagnostics }) => diagnostics)));
          else for (const side of broken) remark(brokenText(side));
          return;
        }
        const report = diffReport(compareBundles(old.value.bundles, young.value.bundles));
        if (format === 'json') print(diffJson(report));
        else print(format === 'markdown' ? diffMarkdown(report) : diffText(report, usesColor()));
      },
    );
}

function compileSide(source: Source, name: string): Outcome<Compilation> {
  const onProgress = (done: number, total: number) => progress(`${name}: ${done} of ${total} hosts`);
  const outcome = compile(source, { onProgress });
  progress('');
  return outcome;
}

interface Side extends Outcome<Compilation> {
  readonly name: string;
  readonly source: Source;
}

function brokenText({ name, source, diagnostics }: Side): string {
  return `khp: ${name} does not compile\n${diagnosticsText(diagnostics, source.files)}`;
}
