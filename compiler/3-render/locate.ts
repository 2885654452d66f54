import type { Workspace } from '../1-load/workspace.ts';
import type { Inventory } from '../2-resolve/inventory.ts';
import type { Place } from '../contract/diagnostic.ts';
import { templarFor } from './render-template.ts';
import type { RenderedFile } from './rendered-file.ts';

/**
 * A function that says which place of a template wrote a line and column (from 1) of a rendered file, by rendering the
 * file once more with its places kept.
 */
export function locator(
  workspace: Workspace,
  inventory: Inventory,
): (file: RenderedFile, line: number, column: number) => Place {
  return ({ template, host }, line, column) => {
    const source = workspace.texts.get(template)!;
    const templar = templarFor({ workspace, inventory, template, for: { host } });
    const { text, pieces } = templar.renderFileTraced(source, { name: template });
    const lines = text.split('\n').slice(0, line - 1);
    const offset = lines.reduce((sum, before) => sum + before.length + 1, 0) + column - 1;
    const piece = pieces.findLast((one) => one.offset <= offset);
    const known = piece?.name !== undefined && workspace.texts.has(piece.name);
    return known
      ? { file: piece.name!, line: piece.line, column: piece.column }
      : { file: template, line: 1, column: 1 };
  };
}
