import type { Workspace } from '../1-load/workspace.ts';
import type { Inventory } from '../2-resolve/inventory.ts';
import type { Place } from '../contract/diagnostic.ts';
import { placeOfOffset } from '../jinja/jinja.ts';
import { templarFor } from './render-template.ts';
import type { RenderedFile } from './rendered-file.ts';

/**
 * A function that says which place of a template wrote a line and column (from 1) of a rendered file, by rendering the
 * file once more with its places kept.
 */
export function locator(
  workspace: Workspace,
  inventory: Inventory,
): (file: RenderedFile, at: { line: number; column: number }) => Place {
  return ({ template, host, cluster, text }, { line, column }) => {
    const source = workspace.texts.get(template)!;
    const { templar } = templarFor({ workspace, inventory, template, for: { host, cluster } });
    const start = { file: template, line: 1, column: 1 };
    const traced = templar.renderFileTraced(source, { name: template });
    if (traced.text !== text) return start;
    const before = text.split('\n').slice(0, line - 1);
    const offset = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    const place = placeOfOffset(traced, offset);
    if (place?.template === undefined || !workspace.texts.has(place.template)) return start;
    return { file: place.template, line: place.line, column: place.column };
  };
}
