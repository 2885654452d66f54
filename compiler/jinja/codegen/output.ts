import { descendants, type Expression, type Output } from '../parser/nodes.ts';
import { CLOSE } from '../trace.ts';
import { str } from '../values/inspect.ts';
import { markupOf } from '../values/operators.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { expression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Generator } from './generator.ts';

/** An expression's output as code: its text, escaped where that is on; its value in native templates. */
export function outputOf(g: Generator, node: Expression, frame: Frame): string {
  let code = expression(g, node, frame);
  // Ansible's environment is a native one: what is computed when it compiles is no Markup afterwards.
  if (!g.environment.escapesOutput && !frame.escaping.volatile && isFolded(g, node))
    code = `withoutMarkup(${code})`;
  if (g.environment.finalize) code = `finalize(c,${code},${g.at(node.at)})`;
  if (g.mode === 'native') return isFolded(g, node) ? `constantPart(${code})` : code;
  if (!g.environment.escapesOutput) return `toText(${code},${g.at(node.at)})`;
  if (frame.escaping.volatile) return `escapeOrText(c,${code},${g.at(node.at)})`;
  return `${frame.escaping.autoescape ? 'escapeHtml' : 'toText'}(${code},${g.at(node.at)})`;
}

/** The value of a literal, or undefined when it has parts that are none. */
function constantValue(node: Expression): Value | undefined {
  if (node.kind === 'const') return node.value;
  if (node.kind !== 'list' && node.kind !== 'tuple') return undefined;
  const items: Value[] = [];
  for (const item of node.items) {
    const value = constantValue(item);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return node.kind === 'list' ? items : new Tuple(items);
}

/** Filters that ask for the environment or how it escapes, and for no variables: Jinja computes them all the same. */
const NO_VARIABLES = new Set(
  'attr first groupby join last max min replace sort sum tojson truncate unique urlize wordwrap xmlattr'.split(
    ' ',
  ),
);

/** Whether Jinja computes the expression when it compiles the template. */
function isFolded(g: Generator, node: Expression): boolean {
  return [node, ...descendants(node)].every((child) => {
    if (child.kind === 'filter')
      return NO_VARIABLES.has(child.name) || g.filter(child.name)?.passContext === false;
    if (child.kind === 'test') return g.test(child.name)?.passContext === false;
    return child.kind !== 'name' && child.kind !== 'call' && child.kind !== 'data';
  });
}

/** The text of a part that is known before rendering, or undefined. */
function constantText(g: Generator, node: Expression, frame: Frame): string | undefined {
  if (node.kind === 'data') return node.data;
  const value = g.environment.finalize ? undefined : constantValue(node);
  if (value === undefined) return undefined;
  // Where escaping is known only while rendering, Jinja has decided about constants before, by what was known then.
  const text = str(value);
  const escapes = frame.escaping.autoescape && g.mode === 'text' && g.environment.escapesOutput;
  return escapes ? markupOf(text) : text;
}

/** A part of the output behind its mark, as work that is told of. */
function markedPart(
  g: Generator,
  part: Expression,
  { written, frame }: { readonly written: string; readonly frame: Frame },
): string {
  const mark = JSON.stringify(g.mark(part));
  if (part.kind === 'data')
    return g.append(frame, `dataMark(c,${g.workPlace(part.at)},${mark})`) + g.append(frame, written);
  const { begin, end, work } = g.work(part);
  const opening = begin + g.append(frame, `workMark(${mark},${work})`);
  return (
    opening + g.append(frame, written) + g.checkOutput(frame) + g.append(frame, JSON.stringify(CLOSE)) + end
  );
}

/** The parts of a template that are printed as code; what is known of them is joined beforehand. */
export function output(g: Generator, node: Output, frame: Frame): string {
  if (frame.requireOutputCheck && g.hasKnownExtends) return '';
  const { watched } = g.environment;
  let code = watched ? `noteOutput(c,${JSON.stringify(g.source.name)},${node.at});` : '';
  let text: string | undefined;
  const flush = () => {
    if (text !== undefined && (text !== '' || g.mode === 'native'))
      code += g.append(frame, JSON.stringify(text));
    text = undefined;
  };
  for (const part of node.parts) {
    const constant = constantText(g, part, frame);
    if (g.traced) {
      flush();
      const written = constant === undefined ? outputOf(g, part, frame) : JSON.stringify(String(constant));
      code += markedPart(g, part, { written, frame });
    } else if (constant !== undefined) text = (text ?? '') + constant;
    else {
      flush();
      code += g.append(frame, outputOf(g, part, frame)) + g.checkOutput(frame);
    }
  }
  flush();
  return frame.requireOutputCheck ? `if(parent===undefined){${code}}` : code;
}
