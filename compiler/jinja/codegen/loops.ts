import { descendants, type Expression, type For } from '../parser/nodes.ts';
import { findUndeclared } from '../parser/scope.ts';
import { condition, expression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Generator } from './generator.ts';
import { statements, store } from './statements.ts';

/** A loop, with what its parts need while code is made. */
interface LoopParts {
  readonly node: For;
  readonly frame: Frame;
  readonly loopFrame: Frame;
  readonly elseFrame: Frame;
  /** The local with `loop`, where the body may use it. */
  readonly loop: string | undefined;
}

/** A `for` statement as code. */
export function forLoop(g: Generator, node: For, frame: Frame): string {
  const loopFrame = frame.inner();
  loopFrame.loopFrame = true;
  loopFrame.assigned = { local: undefined };
  const elseFrame = frame.inner();
  const all = descendants(node);
  const extended =
    node.recursive ||
    findUndeclared(node.body, ['loop']).has('loop') ||
    all.some((child) => child.kind === 'block' && child.scoped);
  const loop = extended ? loopFrame.symbols.declareParameter('loop') : undefined;
  loopFrame.symbols.analyze(node, 'body');
  if (node.otherwise.length > 0) elseFrame.symbols.analyze(node, 'else');
  for (const child of all) {
    if (child.kind === 'name' && child.context === 'store' && child.name === 'loop') {
      g.fail("Can't assign to special loop variable in for-loop target", child.at);
    }
  }
  const parts = { node, frame, loopFrame, elseFrame, loop };
  const code = node.recursive ? recursiveLoop(g, parts) : plainLoop(g, parts);
  for (const name of loopFrame.symbols.stores) g.assignments.at(-1)?.delete(name);
  return code;
}

function plainLoop(g: Generator, parts: LoopParts): string {
  const { node, frame, loop } = parts;
  const filter = filterFunction(g, parts);
  const items = g.told(node.iter, expression(g, node.iter, frame));
  if (!loop) {
    const source = filter ? `${filter.name}(${items})` : `iterate(${items},${g.at(node.iter.at)})`;
    return (filter?.code ?? '') + walk(g, parts, source);
  }
  g.declare(loop);
  const source = filter ? `new Lazy("generator",${filter.name}(${items}))` : items;
  return `${filter?.code ?? ''}${loop}=new Loop(E,${source},undefined,${g.at(node.iter.at)});${walk(g, parts, '')}`;
}

/** The generator function of a loop's `if`. */
function filterFunction(g: Generator, parts: LoopParts): { name: string; code: string } | undefined {
  const { node, frame, loopFrame } = parts;
  if (!node.test) return undefined;
  const testFrame = frame.inner();
  testFrame.symbols.analyze(node, 'test');
  const name = g.local('f');
  const body = g.functionBody([], () => {
    g.assignments.push(new Set());
    for (const local of loopFrame.symbols.parameters()) if (local !== parts.loop) g.declare(local);
    const enter = g.enterFrame(testFrame);
    const target = store(g, node.target, { code: 'item', frame: loopFrame });
    g.assignments.pop();
    const test = condition(g, node.test!, testFrame);
    return `${enter}for(const item of iterate(items,${g.at(node.iter.at)})){step();${target}if(${test})yield ${repack(node.target, loopFrame)};}`;
  });
  return { name, code: `${name}=function*(items){${body}};` };
}

/** What Jinja's filter function gives for an item: the targets again, so that a list taken apart becomes a tuple. */
function repack(target: Expression, frame: Frame): string {
  if (target.kind === 'tuple')
    return `new Tuple([${target.items.map((item) => repack(item, frame)).join(',')}])`;
  return target.kind === 'name' ? frame.symbols.findRef(target.name)! : 'item';
}

/** The loop itself, over `source`, or with the `loop` that is set up already. */
function walk(g: Generator, parts: LoopParts, source: string): string {
  const { node, loopFrame, elseFrame, loop } = parts;
  const empty = node.otherwise.length > 0 ? g.local() : undefined;
  const item = loop ? `${loop}.current` : g.temporary('item');
  const target = store(g, node.target, { code: item, frame: loopFrame });
  const enter = g.enterFrame(loopFrame);
  g.loopDepth.push(g.at(node.iter.at));
  // Only in the body: the filter of a loop and what stands after it may have another `loop` by the same local.
  if (loop) g.loops.add(loop);
  const body = statements(g, node.body, loopFrame);
  if (loop) g.loops.delete(loop);
  g.loopDepth.pop();
  const { local } = loopFrame.assigned;
  const start = `${target}${enter}${local ? `${local}=undefined;` : ''}`;
  const end = `${empty ? `${empty}=false;` : ''}${g.at(node.iter.at)};`;
  const items = g.traced ? `toldItems(c,${g.workPlace(node.at)},${source})` : source;
  const head = loop ? `while(${g.told(node, `${loop}.advance()`)})` : `for(const ${item} of ${items})`;
  let code = `${empty ? `${empty}=true;` : ''}${head}{${loop ? '' : 'step();'}${start}${body}${end}}`;
  if (!node.recursive || empty) code += g.leaveFrame(loopFrame);
  if (!empty) return code;
  const otherwise =
    g.enterFrame(elseFrame) + statements(g, node.otherwise, elseFrame) + g.leaveFrame(elseFrame);
  return `${code}if(${empty}){${otherwise}}`;
}

function recursiveLoop(g: Generator, parts: LoopParts): string {
  const { node, frame, loopFrame, elseFrame, loop } = parts;
  const name = g.local('loop');
  const filter = filterFunction(g, parts);
  const body = g.functionBody([], () => {
    const start = g.startBuffer(loopFrame);
    elseFrame.buffer = loopFrame.buffer;
    g.declare(loop!);
    const source = filter ? `new Lazy("generator",${filter.name}(items))` : 'items';
    const made = `${loop}=new Loop(E,${source},{recurse:${name},depth},${g.at(node.iter.at)});`;
    return `${start}${made}${walk(g, parts, '')}return ${g.markedContent(loopFrame)};`;
  });
  const define = `${filter?.code ?? ''}${name}=(items,depth)=>{${body}};`;
  const first = `${name}(${g.told(node.iter, expression(g, node.iter, frame))},0)`;
  const text = g.mode === 'native' ? first : `joinable(${first})`;
  return define + g.append(frame, text) + g.checkOutput(frame);
}
