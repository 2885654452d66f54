import type { Arguments, Expression, Filter, Test } from '../parser/nodes.ts';
import type { PyFunction } from '../values/function.ts';
import { expression, keywordsOf, positionalOf } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Generator } from './generator.ts';

/** The arguments of a known function in its parameters' order, when the call can be seen to fit; undefined otherwise. */
function bindStatically(
  g: Generator,
  fn: PyFunction,
  node: Arguments,
  options: { frame: Frame; operand: string },
) {
  const { names, positional, required, positionalOnly, varargs, kwargs } = fn.signature;
  if (node.dynArgs || node.dynKeywords || varargs || kwargs) return undefined;
  const given = [options.operand, ...node.args.map((arg) => argument(g, arg, options.frame))];
  if (given.length > positional || (positionalOnly && node.keywords.length > 0)) return undefined;
  const bound: (string | undefined)[] = names.map((_, index) => given[index]);
  let last = given.length - 1;
  for (const { name, value } of node.keywords) {
    const index = names.indexOf(name);
    // Code must evaluate the arguments as they are written, so only keywords in the parameters' order are placed.
    if (index <= last || bound[index] !== undefined) return undefined;
    bound[index] = argument(g, value, options.frame);
    last = index;
  }
  if (bound.some((code, index) => code === undefined && index < required)) return undefined;
  return bound.map((code) => code ?? 'undefined');
}

/** An argument; what could be long is counted. */
function argument(g: Generator, node: Expression, frame: Frame): string {
  const code = expression(g, node, frame);
  return node.kind === 'const' ? code : `big(${code})`;
}

function callKnown(
  g: Generator,
  fn: PyFunction,
  node: Filter | Test,
  options: { frame: Frame; operand: string },
) {
  const at = g.at(node.at);
  const operand = `big(${options.operand})`;
  const bound = bindStatically(g, fn, node, { ...options, operand });
  if (bound) {
    const args = [...(fn.passContext ? ['c'] : []), ...bound, at];
    return `${g.constant(fn.body)}(${args.join(',')})`;
  }
  const args = positionalOf(g, node, options.frame).replace(
    '[',
    node.args.length || node.dynArgs ? `[${operand},` : `[${operand}`,
  );
  return `call(c,${g.constant(fn)},${args},${keywordsOf(g, node, options.frame)},${at})`;
}

/** A filter; without an operand it is a filter block's or set block's, and takes the frame's buffer. */
export function filter(g: Generator, node: Filter, frame: Frame): string {
  const fn = g.filter(node.name);
  const operand = g.withoutMarks(node.operand ? expression(g, node.operand, frame) : g.markedContent(frame));
  if (fn) return `checked(${callKnown(g, fn, node, { frame, operand })},${g.at(node.at)})`;
  if (!frame.soft) g.fail(`No filter named '${node.name}'.`, node.at);
  return `unknownFunction("filter",${JSON.stringify(node.name)},${operand},${g.at(node.at)})`;
}

/** A test. */
export function test(g: Generator, node: Test, frame: Frame): string {
  const fn = g.test(node.name);
  const operand = expression(g, node.operand, frame);
  if (fn) return callKnown(g, fn, node, { frame, operand });
  if (!frame.soft) g.fail(`No test named '${node.name}'.`, node.at);
  return `unknownFunction("test",${JSON.stringify(node.name)},${operand},${g.at(node.at)})`;
}
