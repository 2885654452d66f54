import type { Workspace } from '../1-load/workspace.ts';
import type { Inventory } from '../2-resolve/inventory.ts';
import { Templar } from '../ansible/ansible.ts';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import type { Dict } from '../jinja/jinja.ts';
import { clusterTemplars } from './cluster-templars.ts';
import { renderProblem } from './render-problem.ts';

/** One template, and for which host or with which variables alone it is rendered. */
export interface TemplateInput {
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  /** From the root of the workspace: `templates/<component>/<file>`. */
  readonly template: string;
  readonly for: { readonly host: string; readonly cluster: string } | { readonly vars: Dict };
}

/** Renders one template; undefined, with the reason, where it fails. Throws where template, component or host is not there. */
export function renderTemplate(input: TemplateInput): Outcome<string | undefined> {
  const { workspace, template } = input;
  const diagnostics: Diagnostic[] = [];
  const templar = templarFor(input);
  const source = workspace.texts.get(template)!;
  try {
    return { value: templar.renderFile(source, { name: template }), diagnostics };
  } catch (error) {
    const start = { file: template, line: 1, column: 1 };
    const hosts = 'host' in input.for ? [input.for.host] : undefined;
    return { value: undefined, diagnostics: [renderProblem(error, start, hosts)] };
  }
}

/** The templar that a template of a component is rendered with. */
export function templarFor({ workspace, inventory, template, for: target }: TemplateInput): Templar {
  const { settings, texts, components } = workspace;
  if ('vars' in target) {
    return new Templar({
      variables: target.vars,
      texts,
      env: settings.env,
      ansibleManaged: settings.ansible_managed,
    });
  }
  const cluster = inventory.clusters.find((one) => `${one.type}/${one.cluster}` === target.cluster)!;
  const host = cluster.hosts.find((one) => one.host === target.host)!;
  const component = components.get(template.split('/')[1]!)!;
  return clusterTemplars(cluster, workspace).of(host, component).templar;
}
