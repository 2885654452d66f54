import type { Workspace } from '../1-load/workspace.ts';
import type { Inventory } from '../2-resolve/inventory.ts';
import type { Place } from '../contract/diagnostic.ts';
import { placeOfOffset } from '../jinja/jinja.ts';
import { type TemplateInput, templarFor } from './render-template.ts';
import type { RenderedFile } from './rendered-file.ts';

/** A line and a column of a text, from 1. */
export interface At {
  readonly line: number;
  readonly column: number;
}

/** A function that says which place of a template wrote a line and column of a rendered file. */
export function locator(workspace: Workspace, inventory: Inventory): (file: RenderedFile, at: At) => Place {
  return ({ template, host, cluster, text }, at) =>
    locate({ workspace, inventory, template, for: { host, cluster } }, text, at);
}

/** Which place of a template wrote a line and column of its text: it is rendered once more with its places kept. */
export function locate(input: TemplateInput, text: string, { line, column }: At): Place {
  const { workspace, template } = input;
  const source = workspace.texts.get(template)!;
  const start = { file: template, line: 1, column: 1 };
  const traced = templarFor(input).templar.renderFileTraced(source, { name: template });
  if (traced.text !== text) return start;
  const before = text.split('\n').slice(0, line - 1);
  const offset = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  const place = placeOfOffset(traced, offset);
  if (place?.template === undefined || !workspace.texts.has(place.template)) return start;
  return { file: place.template, line: place.line, column: place.column };
}
