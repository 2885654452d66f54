import { basename } from 'node:path';
import type { Command } from 'commander';
import type { HostVars } from '../2-resolve/inventory.ts';
import { renderProblem } from '../3-render/render-problem.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { JinjaError } from '../jinja/jinja.ts';
import { EXIT, print, remark, UsageError } from './console.ts';
import { explainFile, filesOf } from './explain/explain-file.ts';
import { explainVariable } from './explain/explain-variable.ts';
import { fileText } from './explain/file-text.ts';
import { type Subject, subjectOf, type View, viewsOf } from './explain/subject.ts';
import { parseVariablePath, pathText } from './explain/variable-path.ts';
import { variableText } from './explain/variable-text.ts';
import { findHost } from './find-host.ts';
import { globalsOf } from './globals.ts';
import { explainImpact } from './impact/explain-impact.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import { workTreeSource } from './work-tree.ts';

/** `khp explain`: where a value or a line of a file came from. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('where a variable or a line of a file came from')
    .argument('[host]', 'the host, or its first label')
    .argument('[var-or-file]', 'VAR, or a part of one such as ports.datanode.http; FILE[:LINE] of the host')
    .option('--impact <file:line>', 'the hosts and files that an edit of a line of the workspace can reach')
    .action((host: string | undefined, asked: string | undefined, options: Options, command: Command) => {
      const { folder, json } = globalsOf(command);
      const source = workTreeSource(folder);
      const subject = subjectOf(source.files, source.diagnostics);
      const { impact } = options;
      if (hasErrors(subject.diagnostics))
        remark('khp: the workspace has errors (`khp check` shows them): what they concern is missing here');
      if (impact !== undefined && host === undefined) explainImpact(subject, impact, json);
      else if (impact === undefined && host !== undefined && asked !== undefined)
        explain(subject, { host: findHost(host, subject.inventory), asked, json });
      else throw new UsageError('give HOST and VAR or FILE, or --impact FILE:LINE');
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
  // A name such as `a.j2` is a part of a variable only where there is such a part.
  const hasValue = explanations.some(({ failure }) => failure === undefined);
  if (!hasValue && variable?.path.length !== 0 && explainedFile(subject, views, { host, asked, json }))
    return;
  if (explanations.length > 0) {
    print(json ? JSON.stringify(explanations, null, 2) : variableText(explanations));
    return;
  }
  if (variable?.path.length === 0 && explainedFile(subject, views, { host, asked, json })) return;
  const names = new Set(views.flatMap(({ scope }) => [...scope.keys()]));
  const known = variable !== undefined && variable.path.length > 0 && names.has(variable.name);
  const hint =
    variable && Object.hasOwn(OF_OTHERS, variable.name)
      ? OF_OTHERS[variable.name]
      : known
        ? `\`${variable.name}\` is set, but has no such part`
        : didYouMean(asked.replace(/:\d+$/, ''), [
            ...names,
            ...filesOf(views).map(({ path }) => basename(path)),
          ]);
  const isVariable = variable !== undefined && (known || variable.path.length === 0);
  const what = isVariable
    ? `${pathText(variable)} is not set on ${host.host}`
    : `there is no variable and no file ${asked} on ${host.host}`;
  remark(`khp: ${[what, hint].filter(Boolean).join('; ')}`);
  process.exitCode = EXIT.problems;
}

/** What templates see and is no variable of the host: what to ask for in its place. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  hostvars: 'ask for the variable of the other host: khp explain HOST VAR',
  vars: 'ask for one variable by its name: khp explain HOST VAR',
};

/** Explains a file of the host, named by its path, the end of it, or its template; false where there is none. */
function explainedFile(subject: Subject, views: readonly View[], { host, asked, json }: Question): boolean {
  const match = /^(.*):(\d+)$/.exec(asked);
  const name = match ? match[1]! : asked;
  const line = match ? Number(match[2]) : undefined;
  const files = filesOf(views);
  const fits = (text: string) => text === name || text.endsWith(`/${name}`);
  const exact = files.filter(({ path, template }) => path === name || template === name);
  const found = exact.length > 0 ? exact : files.filter(({ path, template }) => fits(path) || fits(template));
  const [only] = found;
  if (!only) return false;
  if (found.length > 1)
    throw new UsageError(
      `${name} is more than one file on ${host.host}: ${found.map(({ path }) => path).join(', ')}`,
    );
  try {
    const explanation = explainFile(subject, only, line);
    if (!explanation) throw new UsageError(`${only.path} has no line ${line} on ${host.host}`);
    print(json ? JSON.stringify(explanation, null, 2) : fileText(explanation));
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const fallback = { file: only.template, line: 1, column: 1 };
    const problem = renderProblem(error, {
      fallback,
      placeOf: (variable) => only.view.scope.placeOf(variable),
    });
    tellDiagnostics([problem], subject.files, json);
    process.exitCode = EXIT.problems;
  }
  return true;
}
