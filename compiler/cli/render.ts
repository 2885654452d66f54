import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Format } from '../1-load/component.ts';
import { load } from '../1-load/load.ts';
import type { Workspace } from '../1-load/workspace.ts';
import { readYaml } from '../1-load/yaml-source.ts';
import type { Inventory } from '../2-resolve/inventory.ts';
import { resolve } from '../2-resolve/resolve.ts';
import { locate } from '../3-render/locate.ts';
import { renderTemplate, type TemplateInput } from '../3-render/render-template.ts';
import { checkText } from '../4-seal/check-text.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { Dict } from '../jinja/jinja.ts';
import { EXIT, print, UsageError, write } from './console.ts';
import { findHost } from './find-host.ts';
import { globalsOf } from './globals.ts';
import { tellDiagnostics } from './print-diagnostics.ts';
import { workTreeSource } from './work-tree.ts';

interface Options {
  readonly host?: string;
  readonly vars?: string;
}

/** `khp render`: one template to stdout, for a host or with the variables of a file alone. */
export function addRender(program: Command): void {
  program
    .command('render')
    .description('render one template of the work tree to stdout')
    .argument('<template>', 'templates/<component>/<file>, or <component>/<file>')
    .option('--host <host>', 'with the variables of this host')
    .option('--vars <file>', 'with the variables of this YAML file, and no others')
    .action((template: string, options: Options, command: Command) => {
      const { folder, json } = globalsOf(command);
      const source = workTreeSource(folder);
      const { value: workspace } = load(source.files);
      const { value: inventory } = resolve(workspace);
      const path = findTemplate(template, workspace);
      const target = targetOf(options, inventory);
      const input = { workspace, inventory, template: path, for: target };
      const { value, diagnostics } = renderTemplate(input);
      const problems = value
        ? checkText({ name: path, ...value, formats: formatsOf(path, workspace) }, (at) =>
            locate(input, value.text, at),
          )
        : diagnostics;
      if (!value || problems.length > 0) {
        // Who looks for what is wrong with the text wants to see it.
        if (value && !json && problems.every(isOfFormat)) write('stdout', value.text);
        tellDiagnostics(problems, source.files, json);
        process.exitCode = EXIT.problems;
      } else if (json) print(JSON.stringify({ template: path, text: value.text }));
      else write('stdout', value.text);
    });
}

function ofSameName(template: string, names: Iterable<string>): string | undefined {
  const found = [...names].find((name) => name.endsWith(`/${template}`));
  return found && `did you mean \`${found}\`?`;
}

function findTemplate(template: string, { texts }: Workspace): string {
  const path = [template, `templates/${template}`].find((name) => texts.has(name));
  if (path !== undefined) return path;
  const hint =
    didYouMean(template, texts.keys()) ??
    ofSameName(template, texts.keys()) ??
    'templates are named by their path from the root of the workspace';
  throw new UsageError(`there is no template ${template}; ${hint}`);
}

/** The formats of the files that a template is for, by its component. */
function formatsOf(template: string, { components }: Workspace): Format[] {
  const [, component, ...file] = template.split('/');
  const files = components.get(component!)?.content.files ?? [];
  return files.filter((one) => one.template === file.join('/')).map(({ format }) => format);
}

/** Whether it is a problem of a text that can be written, but not into a file of its format. */
function isOfFormat({ code }: Diagnostic): boolean {
  return code.startsWith('seal/malformed-') && code !== 'seal/malformed-text';
}

function targetOf({ host, vars }: Options, inventory: Inventory): TemplateInput['for'] {
  if ((host === undefined) === (vars === undefined)) throw new UsageError('give either --host or --vars');
  if (vars !== undefined) return { vars: readVars(vars) };
  const found = findHost(host!, inventory);
  return { host: found.host, cluster: `${found.type}/${found.cluster}` };
}

function readVars(file: string): Dict {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const { value, diagnostics } = readYaml(file, text);
  const [problem] = diagnostics.filter(({ severity }: Diagnostic) => severity === 'error');
  if (problem) throw new UsageError(`${file}:${problem.place?.line}: ${problem.message}`);
  const vars = value?.value ?? new Dict();
  if (!(vars instanceof Dict)) throw new UsageError(`${file} holds no mapping of variables`);
  return vars;
}
