import { readOverrides } from '../../ansible/templar/overrides.ts';
import { descendants, Environment, type Expression, JinjaError, templateTree } from '../../jinja/jinja.ts';
import type { Question } from './impact.ts';

/** The impact of a line of a template: the files that include it; of plain text, those in which it was written. */
export function templateImpact(question: Question): void {
  const { at, text, index, value, line, any } = question;
  const readers = [...index.ofText(at.file)];
  line.add(readers);
  any.add(readers);
  // Outputs are known by their offsets in a text whose lines end in one character, as those of `text` do.
  const offsets = isPlainText(text, at.line) ? outputsAt(text, at.line) : undefined;
  if (offsets) for (const offset of offsets) value.add(index.ofOutput(at.file, offset));
  else if (!isInComment(text, at.line)) value.add(readers);
}

/** Whether the line has no tag of its own; a header changes what a tag is. */
function isPlainText(text: string, line: number): boolean {
  if (text.startsWith('#jinja2:')) return false;
  const own = text.split('\n')[line - 1] ?? '';
  return !/\{[%#]|[%#]\}/.test(own);
}

/** The offsets of the outputs that stand on the line; undefined where there are none: it is a part of something else. */
function outputsAt(text: string, line: number): number[] | undefined {
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  try {
    const { source, options } = readOverrides(text);
    const tree = templateTree(new Environment({ trimBlocks: true, ...options }), source);
    const found: number[] = [];
    for (const node of descendants(tree)) {
      if (node.kind !== 'output') continue;
      const end = lineOf(endOf(source, node.parts.at(-1)!));
      if (lineOf(node.at) <= line && line <= end) found.push(node.at);
    }
    return found.length > 0 ? found : undefined;
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return undefined;
  }
}

/** The offset of the last character of a part of an output. */
function endOf(source: string, part: Expression): number {
  if (part.kind !== 'data') return Math.max(part.at, source.indexOf('}}', part.at));
  // A tag takes the line feed behind it, which is then no part of the text.
  const taken = source.startsWith(part.data, part.at) ? 0 : 1;
  return part.at + taken + Math.max(0, part.data.length - 1);
}

function isInComment(text: string, line: number): boolean {
  const before = text
    .split('\n')
    .slice(0, line - 1)
    .join('\n');
  return before.lastIndexOf('{#') > before.lastIndexOf('#}');
}
