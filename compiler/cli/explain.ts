import type { Command } from 'commander';
import type { HostVars } from '../2-resolve/inventory.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { EXIT, print, remark, UsageError } from './console.ts';
import { explainVariable } from './explain/explain-variable.ts';
import { type Subject, subjectOf, viewsOf } from './explain/subject.ts';
import { parseVariablePath, pathText } from './explain/variable-path.ts';
import { variableText } from './explain/variable-text.ts';
import { findHost } from './find-host.ts';
import { globalsOf } from './globals.ts';
import { explainImpact } from './impact/explain-impact.ts';
import { workTreeSource } from './source.ts';

/** `khp explain`: where a value or a line of a file came from. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('where a variable or a line of a file came from')
    .argument('[host]', 'the host, or its first label')
    .argument('[var-or-file]', 'VAR, a part of one such as ports.datanode.http')
    .option('--impact <file:line>', 'the hosts and files that an edit of a line of the workspace can reach')
    .action((host: string | undefined, asked: string | undefined, options: Options, command: Command) => {
      const { folder, json } = globalsOf(command);
      const source = workTreeSource(folder);
      const subject = subjectOf(source.files, source.diagnostics);
      const { impact } = options;
      if (impact !== undefined && host === undefined) explainImpact(subject, impact, json);
      else if (impact === undefined && host !== undefined && asked !== undefined)
        explain(subject, { host: findHost(host, subject.inventory), asked, json });
      else throw new UsageError('give HOST and VAR, or --impact FILE:LINE');
    });
}

interface Options {
  readonly impact?: string;
}

interface Question {
  readonly host: HostVars;
  readonly asked: string;
  readonly json: boolean;
}

function explain(subject: Subject, { host, asked, json }: Question): void {
  const views = viewsOf(subject, host);
  const variable = parseVariablePath(asked);
  const explanations = variable ? explainVariable(subject, views, variable) : [];
  if (explanations.length > 0) {
    print(json ? JSON.stringify(explanations, null, 2) : variableText(explanations));
    return;
  }
  const names = new Set(views.flatMap(({ scope }) => [...scope.keys()]));
  const known = variable !== undefined && names.has(variable.name);
  const hint = known ? `\`${variable.name}\` is set, but has no such part` : didYouMean(asked, names);
  const what = variable
    ? `${pathText(variable)} is not set on ${host.host}`
    : `there is no ${asked} on ${host.host}`;
  remark(`khp: ${[what, hint].filter(Boolean).join('; ')}`);
  process.exitCode = EXIT.problems;
}
