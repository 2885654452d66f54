import type {
  Assign,
  AssignBlock,
  Autoescape,
  Block,
  CallBlock,
  Expression,
  Extends,
  FilterBlock,
  FromImport,
  If,
  Import,
  Include,
  Macro,
  Statement,
  With,
} from '../parser/nodes.ts';
import { descendants } from '../parser/nodes.ts';
import { CLOSE } from '../trace.ts';
import { call, condition, expression, positionText } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Generator } from './generator.ts';
import { filter } from './known-calls.ts';
import { forLoop } from './loops.ts';
import { macro } from './macros.ts';
import { output } from './output.ts';

/** Statements as code. After a second `extends`, which always fails, nothing more is made. */
export function statements(g: Generator, nodes: readonly Statement[], frame: Frame): string {
  let code = '';
  for (const node of nodes) {
    code += statement(g, node, frame);
    if (node.kind === 'extends' && g.extendsSoFar > 1 && g.hasKnownExtends) break;
  }
  return code;
}

function statement(g: Generator, node: Statement, frame: Frame): string {
  switch (node.kind) {
    case 'output':
      return output(g, node, frame);
    case 'if':
      return branch(g, node, frame);
    case 'for':
      return forLoop(g, node, frame);
    case 'assign':
      return assign(g, node, frame);
    case 'assignblock':
      return assignBlock(g, node, frame);
    case 'with':
      return withBlock(g, node, frame);
    case 'macro':
      return macroStatement(g, node, frame);
    case 'callblock':
      return callBlock(g, node, frame);
    case 'filterblock':
      return filterBlock(g, node, frame);
    case 'block':
      return block(g, node, frame);
    case 'extends':
      return extendsStatement(g, node, frame);
    case 'include':
      return include(g, node, frame);
    case 'import':
      return importStatement(g, node, frame);
    case 'fromimport':
      return fromImport(g, node, frame);
    case 'autoescape':
      return autoescape(g, node, frame);
    case 'do':
      return `${g.told(node.value, expression(g, node.value, frame))};`;
    case 'break':
    case 'continue':
      if (!g.inLoop) g.failPython(`'${node.kind}' outside loop`, node.at);
      return `${node.kind === 'continue' ? g.beforeContinue() : ''}${node.kind};`;
  }
}

function branch(g: Generator, node: If, frame: Frame): string {
  const soft = frame.softened();
  const arm = (arm: If) =>
    `if(${g.told(arm.test, condition(g, arm.test, soft))}){${statements(g, arm.body, soft)}}`;
  const arms = [node, ...node.elifs].map(arm).join('else ');
  return node.otherwise.length === 0 ? arms : `${arms}else{${statements(g, node.otherwise, soft)}}`;
}

/** Code that assigns a value to a target, taking tuples apart. */
export function store(g: Generator, target: Expression, value: { code: string; frame: Frame }): string {
  const { code, frame } = value;
  if (target.kind === 'name') {
    const { name } = target;
    if (target.context === 'store' && (frame.toplevel || frame.loopFrame || frame.blockFrame)) {
      g.assignments.at(-1)?.add(name);
    }
    const local = frame.symbols.findRef(name)!;
    g.declare(local);
    return `${local}=${code};`;
  }
  if (target.kind === 'nsref') {
    const local = frame.symbols.findRef(target.name)!;
    return `setAttribute(${local},${JSON.stringify(target.attribute)},${code},${g.at(target.at)});`;
  }
  if (target.kind !== 'tuple') return g.fail(`can't assign to '${target.kind}'`, target.at);
  const items = g.local();
  const parts = target.items.map((item, index) => store(g, item, { code: `${items}[${index}]`, frame }));
  return `${items}=unpack(${code},${target.items.length},${g.at(target.at)});${parts.join('')}`;
}

function assign(g: Generator, node: Assign, frame: Frame): string {
  g.pushAssignments();
  let code = '';
  for (const child of [node.target, ...descendants(node.target)]) {
    if (child.kind !== 'nsref') continue;
    code += `checkNamespace(${frame.symbols.findRef(child.name)},${g.at(child.at)});`;
  }
  code += store(g, node.target, { code: g.told(node.value, expression(g, node.value, frame)), frame });
  return code + g.popAssignments(frame);
}

function assignBlock(g: Generator, node: AssignBlock, frame: Frame): string {
  g.pushAssignments();
  const { begin, end } = g.work(node);
  const inner = frame.inner();
  inner.requireOutputCheck = false;
  inner.symbols.analyze(node);
  const body = g.startBuffer(inner) + statements(g, node.body, inner);
  const start = g.enterFrame(inner) + body + g.forgetMarks(inner);
  const content = node.filter ? filter(g, node.filter, inner) : g.bufferContent(inner);
  const value = g.canEscape ? `markIf(c,${content})` : content;
  const code = store(g, node.target, { code: value, frame });
  return begin + start + code + end + g.popAssignments(frame) + g.leaveFrame(inner);
}

function withBlock(g: Generator, node: With, frame: Frame): string {
  const inner = frame.inner();
  inner.symbols.analyze(node);
  let code = g.enterFrame(inner);
  node.targets.forEach((target, index) => {
    const value = node.values[index]!;
    code += store(g, target, { code: g.told(value, expression(g, value, frame)), frame: inner });
  });
  return code + statements(g, node.body, inner) + g.leaveFrame(inner);
}

function macroStatement(g: Generator, node: Macro, frame: Frame): string {
  const local = frame.symbols.findRef(node.name)!;
  g.declare(local);
  const code = `${local}=${macro(g, node, frame)};`;
  return frame.toplevel ? code + g.export(node.name, local) : code;
}

function callBlock(g: Generator, node: CallBlock, frame: Frame): string {
  const caller = g.local('caller');
  const made = `${caller}=${macro(g, node, frame)};`;
  const called = g.append(frame, plainText(g, call(g, node.call, frame, caller), node.at));
  const { begin, end, work } = g.work(node.call);
  return made + begin + marked(g, node, { code: called, frame, work }) + end + g.checkOutput(frame);
}

/** Code that appends to a frame's output, between the marks of the statement that it is the output of. */
function marked(
  g: Generator,
  node: CallBlock | FilterBlock,
  { code, frame, work }: { readonly code: string; readonly frame: Frame; readonly work: string },
): string {
  if (!g.traced) return code;
  return (
    g.append(frame, `workMark(${JSON.stringify(g.mark(node))},${work})`) +
    code +
    g.append(frame, JSON.stringify(CLOSE))
  );
}

function filterBlock(g: Generator, node: FilterBlock, frame: Frame): string {
  const inner = frame.inner();
  inner.symbols.analyze(node);
  const { begin, end, work } = g.work(node);
  const start = begin + g.enterFrame(inner) + g.startBuffer(inner) + statements(g, node.body, inner);
  const filtered = g.append(frame, plainText(g, filter(g, node.filter, inner), node.at));
  const written = marked(g, node, { code: filtered, frame, work });
  return start + written + end + g.checkOutput(frame) + g.leaveFrame(inner);
}

/** What Jinja writes to the output as it is, though it must be a text there. */
function plainText(g: Generator, code: string, at: number): string {
  return g.mode === 'native' ? code : `joinable(${code},${g.at(at)})`;
}

function block(g: Generator, node: Block, frame: Frame): string {
  if (frame.toplevel && g.hasKnownExtends) return '';
  const name = JSON.stringify(node.name);
  const context = node.scoped ? `c.derived(${g.localContext(frame.symbols)})` : 'c';
  const required = node.required ? `requireBlock(c,${name},${g.at(node.at)});` : '';
  const rendered = g.told(node, `renderBlock(${context},c,${name},${g.at(node.at)})`);
  const code = required + g.appendAll(frame, rendered);
  return frame.toplevel && g.extendsSoFar > 0 ? `if(parent===undefined){${code}}` : code;
}

function extendsStatement(g: Generator, node: Extends, frame: Frame): string {
  if (!frame.toplevel) g.fail('cannot use extend from a non top-level scope', node.at);
  let code = '';
  if (g.extendsSoFar++ > 0) {
    const failing = `failExtended(${g.at(node.at)});`;
    if (g.hasKnownExtends) return failing;
    code = `if(parent!==undefined){${failing}}`;
  }
  code += `parent=extendTemplate(c,${expression(g, node.template, frame)},${g.at(node.at)});`;
  if (frame.rootlevel) g.hasKnownExtends = true;
  return code;
}

function include(g: Generator, node: Include, frame: Frame): string {
  const locals = node.withContext ? g.localContext(frame.symbols) : 'undefined';
  const several = node.template.kind === 'tuple' || node.template.kind === 'list';
  const options = `{ignoreMissing:${node.ignoreMissing},locals:${locals},several:${several}}`;
  const included = `include(c,${expression(g, node.template, frame)},${options},${g.at(node.at)})`;
  return g.appendAll(frame, g.told(node, included));
}

function importedModule(g: Generator, node: Import | FromImport, frame: Frame): string {
  const locals = node.withContext ? g.localContext(frame.symbols) : 'undefined';
  return `importTemplate(c,${expression(g, node.template, frame)},${locals},${g.at(node.at)})`;
}

function importStatement(g: Generator, node: Import, frame: Frame): string {
  const local = frame.symbols.findRef(node.target)!;
  g.declare(local);
  return `${local}=${importedModule(g, node, frame)};${frame.toplevel ? bind(node.target, local) : ''}`;
}

/** Code that gives the template a variable that importers don't see. */
function bind(name: string, local: string): string {
  const text = JSON.stringify(name);
  return `c.vars.set(${text},${local});c.exported.delete(${text});`;
}

function fromImport(g: Generator, node: FromImport, frame: Frame): string {
  const module = g.local();
  let code = `${module}=${importedModule(g, node, frame)};`;
  const position = g.constant(positionText(g, node.at));
  for (const { name, alias } of node.names) {
    const local = frame.symbols.findRef(alias)!;
    g.declare(local);
    code += `${local}=importName(c,${module},${JSON.stringify(name)},${position});`;
    if (frame.toplevel) code += bind(alias, local);
  }
  return code;
}

function autoescape(g: Generator, node: Autoescape, frame: Frame): string {
  const scope = frame.inner();
  scope.symbols.analyze(node);
  const saved = { ...frame.escaping };
  const before = g.local();
  let code = `${g.enterFrame(scope)}${before}=c.evalContext;`;
  code += `c.evalContext={autoescape:${condition(g, node.value, scope)}};`;
  if (node.value.kind === 'const') frame.escaping.autoescape = Boolean(node.value.value);
  else frame.escaping.volatile = true;
  code += `try{${statements(g, node.body, scope)}}finally{c.evalContext=${before};}`;
  Object.assign(frame.escaping, saved);
  return code + g.leaveFrame(scope);
}
