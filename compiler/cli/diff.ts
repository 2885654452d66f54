import { type Command, Option } from 'commander';
import { compareBundles } from '../4-seal/change.ts';
import { type Compilation, compile } from '../compile.ts';
import { EXIT, print, progress, remark, usesColor } from './console.ts';
import { diffMarkdown } from './diff-markdown.ts';
import { diffJson, diffReport } from './diff-report.ts';
import { diffText } from './diff-text.ts';
import { globalsOf } from './globals.ts';
import { diagnosticsText, hasErrors } from './print-diagnostics.ts';
import { commitOf, commitSource, gitWorkspace, type Source, workTreeSource } from './source.ts';

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
        const [old, young] = [compileSide(before, base), compileSide(after, head ?? 'the work tree')];
        if (!old || !young) {
          process.exitCode = EXIT.problems;
          return;
        }
        const report = diffReport(compareBundles(old.bundles, young.bundles));
        const format = options.format ?? (json ? 'json' : 'text');
        if (format === 'json') print(diffJson(report));
        else print(format === 'markdown' ? diffMarkdown(report) : diffText(report, usesColor()));
      },
    );
}

/** One side's bundles; undefined, with its problems told, where it does not compile. */
function compileSide(source: Source, name: string): Compilation | undefined {
  const onProgress = (done: number, total: number) => progress(`${name}: ${done} of ${total} hosts`);
  const { value, diagnostics } = compile(source, { onProgress });
  progress('');
  if (!hasErrors(diagnostics)) return value;
  remark(`khp: ${name} does not compile\n${diagnosticsText(diagnostics, source.files)}`);
  return undefined;
}
