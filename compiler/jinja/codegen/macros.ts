import type { CallBlock, Macro } from '../parser/nodes.ts';
import { findUndeclared } from '../parser/scope.ts';
import { reprText } from '../values/text.ts';
import { expression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Generator } from './generator.ts';
import { statements } from './statements.ts';

/** A macro, or the body of a call block, as code that makes its Macro. */
export function macro(g: Generator, node: Macro | CallBlock, outer: Frame): string {
  const frame = outer.inner();
  frame.symbols.analyze(node);
  const parameters = node.args.map((arg) => arg.name);
  const twice = node.args.find(({ name }, index) => parameters.indexOf(name) !== index);
  if (twice) g.failPython(`duplicate argument '${twice.name}' in function definition`, twice.at);
  const locals = parameters.map((name) => frame.symbols.findRef(name)!);
  const undeclared = findUndeclared(node.body, ['caller', 'kwargs', 'varargs']);
  const special = (name: string) => undeclared.has(name) && !parameters.includes(name);
  const callerIndex = parameters.indexOf('caller');
  if (undeclared.has('caller') && callerIndex !== -1 && !hasDefault(node, callerIndex)) {
    g.fail(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
      node.at,
    );
  }
  for (const name of ['caller', 'kwargs', 'varargs']) {
    if (special(name)) locals.push(frame.symbols.declareParameter(name));
  }
  frame.requireOutputCheck = false;
  frame.symbols.analyze(node);
  const name = node.kind === 'macro' ? node.name : undefined;
  const shape = {
    name,
    parameters,
    catchKeywords: special('kwargs'),
    catchVarargs: special('varargs'),
    usesCaller: undeclared.has('caller'),
  };
  const entered = name === undefined ? 'call block' : `macro ${reprText(name)}`;
  return `new Macro(${g.constant(shape)},${macroFunction(g, node, { frame, locals, entered })})`;
}

function hasDefault(node: Macro | CallBlock, index: number): boolean {
  return index - node.args.length + node.defaults.length >= 0;
}

function macroFunction(
  g: Generator,
  node: Macro | CallBlock,
  { frame, locals, entered }: { frame: Frame; locals: readonly string[]; entered: string },
): string {
  const loops = g.loopDepth.splice(0);
  const body = g.functionBody(locals, () => {
    const start = g.startBuffer(frame) + g.enterFrame(frame) + defaults(g, node, frame);
    const { begin, end } = g.work(node);
    const made = `${start}${statements(g, node.body, frame)}return ${g.bufferContent(frame)};`;
    return `${begin}try{${made}}${caught(g, entered)}${end && `finally{${end}}`}`;
  });
  g.loopDepth.push(...loops);
  return `(${locals.join(',')})=>{let p=${node.at};${body}}`;
}

/** The end of a generated function: every error that leaves it learns where it was. */
export function caught(g: Generator, entered: string | undefined): string {
  return `catch(error){throw locate(error,T,{offset:p,entered:${entered === undefined ? 'undefined' : g.constant(entered)}});}`;
}

/** Code that gives the parameters that got no argument their defaults, from left to right. */
function defaults(g: Generator, node: Macro | CallBlock, frame: Frame): string {
  const waiting = frame.symbols.parameters();
  g.undeclaredParameters.push(waiting);
  let code = '';
  node.args.forEach((arg, index) => {
    const local = frame.symbols.findRef(arg.name)!;
    const fallback = node.defaults[index - node.args.length + node.defaults.length];
    const value = fallback
      ? g.told(fallback, expression(g, fallback, frame))
      : `E.undefined(${g.constant({ hint: `parameter ${reprText(arg.name)} was not provided`, name: arg.name })})`;
    code += `if(${local}===undefined)${local}=${value};`;
    waiting.delete(local);
  });
  g.undeclaredParameters.pop();
  return code;
}
