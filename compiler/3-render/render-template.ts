import type { Workspace } from '../1-load/workspace.ts';
import type { Inventory } from '../2-resolve/inventory.ts';
import type { Templar } from '../ansible/ansible.ts';
import type { Outcome, Place } from '../contract/diagnostic.ts';
import type { Dict } from '../jinja/jinja.ts';
import { clusterTemplars, createTemplar } from './cluster-templars.ts';
import { renderProblem } from './render-problem.ts';

/** One template, and for which host or with which variables alone it is rendered. */
export interface TemplateInput {
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  /** From the root of the workspace: `templates/<component>/<file>`. */
  readonly template: string;
  readonly for: { readonly host: string; readonly cluster: string } | { readonly vars: Dict };
}

export interface RenderedTemplate {
  readonly text: string;
  /** Where the markers of secrets begin, in UTF-16 code units. */
  readonly secrets: readonly number[];
}

/** Renders one template; undefined, with the reason, where it fails. Throws where template, component or host is not there. */
export function renderTemplate(input: TemplateInput): Outcome<RenderedTemplate | undefined> {
  const { workspace, template } = input;
  const { templar, placeOf } = templarFor(input);
  const source = workspace.texts.get(template)!;
  try {
    const { text, secrets } = templar.renderFileWithSecrets(source, { name: template });
    return { value: { text, secrets: secrets.map(({ offset }) => offset) }, diagnostics: [] };
  } catch (error) {
    const fallback = { file: template, line: 1, column: 1 };
    const hosts = 'host' in input.for ? { hosts: [input.for.host] } : {};
    return { value: undefined, diagnostics: [renderProblem(error, { fallback, placeOf, ...hosts })] };
  }
}

interface TemplateScope {
  readonly templar: Templar;
  /** Where a variable's value was set. */
  readonly placeOf: (variable: string) => Place | undefined;
}

/** What a template of a component is rendered with. */
export function templarFor({ workspace, inventory, template, for: target }: TemplateInput): TemplateScope {
  if ('vars' in target) {
    return { templar: createTemplar(target.vars, workspace), placeOf: () => undefined };
  }
  const cluster = inventory.clusters.find((one) => `${one.type}/${one.cluster}` === target.cluster)!;
  const host = cluster.hosts.find((one) => one.host === target.host)!;
  const component = workspace.components.get(template.split('/')[1]!)!;
  const { templar, scope } = clusterTemplars(cluster, workspace).of(host, component);
  return { templar, placeOf: (variable) => scope.placeOf(variable) };
}
