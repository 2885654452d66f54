import { readOverrides } from '../../ansible/templar/overrides.ts';
import {
  descendants,
  Environment,
  type Expression,
  JinjaError,
  type Node,
  templateTree,
} from '../../jinja/jinja.ts';
import type { Question } from './impact.ts';
import { FRESH } from './trials.ts';

/** The impact of a line of a template: the files that include it; of plain text, those in which it was written. */
export function templateImpact(question: Question): void {
  const { at, text, index, value, line, any } = question;
  const readers = [...index.ofText(at.file)];
  line.add(readers);
  any.add(readers);
  if (isComment(text, at.line)) return;
  // Outputs are known by their offsets in a text whose lines end in one character, as those of `text` do.
  const offsets = isPlainText(text, at.line) ? outputsAt(text, at.line) : undefined;
  if (offsets) for (const offset of offsets) value.add(index.ofOutput(at.file, offset));
  else value.add(readers);
}

/** Whether the template stays the same whatever word of the line is altered. */
function isComment(text: string, line: number): boolean {
  const lines = text.split('\n');
  const own = lines[line - 1] ?? '';
  const words = [...own.matchAll(/[^\s{}#%]+/g)];
  const altered = words.map(
    ({ 0: word, index }) => own.slice(0, index) + FRESH + own.slice(index + word.length),
  );
  const before = writtenIn(text);
  return (altered.length > 0 ? altered : [FRESH]).every((one) => {
    const after = writtenIn(lines.with(line - 1, one).join('\n'));
    return before !== undefined && before === after;
  });
}

/** All that a template is made of but its comments, as text; undefined where it cannot be parsed. */
function writtenIn(text: string): string | undefined {
  const tree = treeOf(text)?.tree;
  return JSON.stringify(tree, (key, value) => {
    if (key === 'at') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/** The template without its header, and what it is parsed to; undefined where it cannot be. */
function treeOf(text: string): { source: string; tree: Node } | undefined {
  try {
    const { source, options } = readOverrides(text);
    return { source, tree: templateTree(new Environment({ trimBlocks: true, ...options }), source) };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return undefined;
  }
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
  const parsed = treeOf(text);
  if (!parsed) return undefined;
  const found: number[] = [];
  for (const node of descendants(parsed.tree)) {
    if (node.kind !== 'output') continue;
    const end = lineOf(endOf(parsed.source, node.parts.at(-1)!));
    if (lineOf(node.at) <= line && line <= end) found.push(node.at);
  }
  return found.length > 0 ? found : undefined;
}

/** The offset of the last character of a part of an output. */
function endOf(source: string, part: Expression): number {
  if (part.kind !== 'data') return Math.max(part.at, source.indexOf('}}', part.at));
  // A tag takes the line feed behind it, which is then no part of the text.
  const taken = source.startsWith(part.data, part.at) ? 0 : 1;
  return part.at + taken + Math.max(0, part.data.length - 1);
}
