import type {
  Arguments,
  Binary,
  Call,
  Compare,
  CompareOperator,
  Expression,
  Getattr,
  Getitem,
  Logic,
  Name,
  Unary,
} from '../parser/nodes.ts';
import { descendants } from '../parser/nodes.ts';
import { isAttributeOfBuiltin } from '../runtime/attributes.ts';
import { isNumber } from '../values/numbers.ts';
import type { Frame } from './frame.ts';
import type { Generator } from './generator.ts';
import { filter, test } from './known-calls.ts';

const COMPARE: Record<CompareOperator, (a: string, b: string, at: string) => string> = {
  eq: (a, b, at) => `equals(${a},${b},${at})`,
  ne: (a, b, at) => `!equals(${a},${b},${at})`,
  lt: (a, b, at) => `compare(${a},${b},"<",${at})`,
  lteq: (a, b, at) => `compare(${a},${b},"<=",${at})`,
  gt: (a, b, at) => `compare(${a},${b},">",${at})`,
  gteq: (a, b, at) => `compare(${a},${b},">=",${at})`,
  in: (a, b, at) => `isIn(${a},${b},${at})`,
  notin: (a, b, at) => `!isIn(${a},${b},${at})`,
};

/** An expression as code whose value is a Value. */
export function expression(g: Generator, node: Expression, frame: Frame): string {
  const visit = (child: Expression) => expression(g, child, frame);
  const at = g.at(node.at);
  switch (node.kind) {
    case 'const':
      return g.literal(node.value);
    case 'name':
      return load(g, node, frame);
    case 'data':
      return JSON.stringify(node.data);
    case 'tuple':
      return `new Tuple([${node.items.map(visit).join(',')}])`;
    case 'list':
      return `[${node.items.map(visit).join(',')}]`;
    case 'dict': {
      const items = node.keys.flatMap((key, index) => [visit(key), visit(node.values[index]!)]);
      return `dictOf([${items.join(',')}],${at})`;
    }
    case 'cond':
      return conditional(g, node, frame.softened());
    case 'binary':
      if (isNegativeBase(node))
        return `neg(pow(${visit(node.left.operand)},${visit(node.right)},${at}),${at})`;
      return `${node.operator}(${visit(node.left)},${visit(node.right)},${at})`;
    case 'and':
    case 'or':
      return logic(g, node, frame);
    case 'not':
      return `!${condition(g, node.operand, frame)}`;
    case 'neg':
    case 'pos':
      return `${node.kind}(${visit(node.operand)},${at})`;
    case 'compare':
      return comparison(g, node, frame);
    case 'concat': {
      const join = frame.escaping.autoescape && !frame.escaping.volatile ? 'markupJoin' : 'textJoin';
      return `${join}([${node.parts.map(visit).join(',')}],${at})`;
    }
    case 'getattr':
      return attribute(g, node, frame);
    case 'getitem':
      return item(g, node, frame);
    case 'slice':
      return g.failPython('invalid syntax', node.at);
    case 'call':
      return call(g, node, frame);
    case 'filter':
      return filter(g, node, frame);
    case 'test':
      return test(g, node, frame);
    case 'nsref':
      return g.fail('a namespace reference stands only in an assignment', node.at);
  }
}

/**
 * Is it a power like `-2 ** x`? Jinja makes Python code of it, where the minus of a constant counts after the power,
 * unless all of it is constant.
 */
function isNegativeBase(node: Binary): node is Binary & { left: Unary } {
  const { left } = node;
  if (node.operator !== 'pow' || left.kind !== 'neg') return false;
  return left.operand.kind === 'const' && isNumber(left.operand.value) && readsVariables(node.right);
}

function readsVariables(node: Expression): boolean {
  return node.kind === 'name' || descendants(node).some((child) => child.kind === 'name');
}

/** An expression as code whose value is a JavaScript boolean: Python's bool() of it. */
export function condition(g: Generator, node: Expression, frame: Frame): string {
  switch (node.kind) {
    case 'not':
      return `!${condition(g, node.operand, frame)}`;
    case 'and':
      return `(${condition(g, node.left, frame)}&&${condition(g, node.right, frame)})`;
    case 'or':
      return `(${condition(g, node.left, frame)}||${condition(g, node.right, frame)})`;
    case 'compare':
      return comparison(g, node, frame);
    default:
      return `truth(${expression(g, node, frame)},${g.at(node.at)})`;
  }
}

function load(g: Generator, node: Name, frame: Frame): string {
  const local = frame.symbols.findRef(node.name)!;
  if (local === undefined) g.fail(`the name '${node.name}' is not known here`, node.at);
  const undeclared = g.undeclaredParameters.at(-1)?.has(local) ?? false;
  const how = frame.symbols.howOf(local);
  if (how === 'parameter' && !undeclared) return local;
  const name = JSON.stringify(node.name);
  const value = `(${local}===undefined?E.undefined({name:${name}}):${local})`;
  // What begins without a value is assigned here, and no variable of the context.
  return g.environment.watched && how !== 'undefined' ? `noteUse(c,${name},${value})` : value;
}

function logic(g: Generator, node: Logic, frame: Frame): string {
  const temporary = g.local();
  const left = expression(g, node.left, frame);
  const right = expression(g, node.right, frame);
  const test = `truth(${temporary}=${left},${g.at(node.left.at)})`;
  return node.kind === 'and' ? `(${test}?${right}:${temporary})` : `(${test}?${temporary}:${right})`;
}

function conditional(g: Generator, node: Extract<Expression, { kind: 'cond' }>, frame: Frame): string {
  const test = condition(g, node.test, frame);
  const then = expression(g, node.then, frame);
  const otherwise = node.otherwise
    ? expression(g, node.otherwise, frame)
    : `noElse(${g.constant(positionText(g, node.at))})`;
  return `(${test}?${then}:${otherwise})`;
}

/** Where something stands, as Jinja's messages say it: `line 3 in 'name'`. */
export function positionText(g: Generator, at: number): string {
  const before = g.source.text.slice(0, at);
  const line = before.split('\n').length;
  return g.source.name === undefined ? `line ${line}` : `line ${line} in '${g.source.name}'`;
}

function comparison(g: Generator, node: Compare, frame: Frame): string {
  const at = g.at(node.at);
  const links: string[] = [];
  let left = expression(g, node.first, frame);
  node.rest.forEach(({ operator, operand }, index) => {
    let right = expression(g, operand, frame);
    let next = right;
    if (index < node.rest.length - 1) {
      next = g.local();
      right = `${next}=${right}`;
    }
    links.push(COMPARE[operator](left, right, at));
    left = next;
  });
  return links.length === 1 ? links[0]! : `(${links.join('&&')})`;
}

/** What `loop` has as plain fields, so that the common ones cost no look-up. */
const LOOP_FIELDS = new Map([
  ['index', '.index0+1'],
  ['index0', '.index0'],
  ['first', '.index0===0'],
  ['last', '.last'],
]);

function attribute(g: Generator, node: Getattr, frame: Frame): string {
  const { object, attribute: name } = node;
  const at = g.at(node.at);
  if (object.kind === 'name' && object.name === 'loop' && LOOP_FIELDS.has(name)) {
    const local = frame.symbols.findRef('loop');
    if (local !== undefined && g.loops.has(local)) return `(${local}${LOOP_FIELDS.get(name)})`;
  }
  const kind = isAttributeOfBuiltin(name) ? 'getAttribute' : 'getKey';
  return `${kind}(E,${expression(g, object, frame)},${JSON.stringify(name)},${at})`;
}

function item(g: Generator, node: Getitem, frame: Frame): string {
  const object = expression(g, node.object, frame);
  const { argument } = node;
  if (argument.kind !== 'slice')
    return `getItem(E,${object},${expression(g, argument, frame)},${g.at(node.at)})`;
  const parts = [argument.start, argument.stop, argument.step];
  const bounds = parts.map((part) => (part ? expression(g, part, frame) : 'null'));
  return `getSlice(E,${object},new SliceValue(${bounds.join(',')}),${g.at(node.at)})`;
}

/** Keyword arguments as code: a Map, or undefined when there are none. */
export function keywordsOf(g: Generator, node: Arguments, frame: Frame, caller?: string): string {
  const pairs = node.keywords.map(
    ({ name, value }) => `${JSON.stringify(name)},${expression(g, value, frame)}`,
  );
  if (caller) pairs.push(`"caller",${caller}`);
  if (node.dynKeywords)
    return `mergeKeywords([${pairs.join(',')}],${expression(g, node.dynKeywords, frame)})`;
  return pairs.length === 0 ? 'undefined' : `keywords([${pairs.join(',')}])`;
}

/** Positional arguments as the code of an array. */
export function positionalOf(g: Generator, node: Arguments, frame: Frame): string {
  const args = node.args.map((arg) => expression(g, arg, frame));
  if (node.dynArgs) args.push(`...spread(${expression(g, node.dynArgs, frame)},${g.at(node.dynArgs.at)})`);
  return `[${args.join(',')}]`;
}

/** Whether computing the arguments can be an error. */
function canFail({ args, keywords, dynArgs, dynKeywords }: Arguments): boolean {
  const isPlain = ({ kind }: Expression) => kind === 'const' || kind === 'name';
  return !args.every(isPlain) || !keywords.every(({ value }) => isPlain(value)) || !!(dynArgs ?? dynKeywords);
}

/** A call; `caller` is the local with a call block's body. */
export function call(g: Generator, node: Call, frame: Frame, caller?: string): string {
  const { callee } = node;
  const at = g.at(node.at);
  const assigned =
    frame.assigned.local && (frame.loopFrame || frame.blockFrame) ? frame.assigned.local : undefined;
  const context = assigned ? `withAssigned(c,${assigned})` : 'c';
  if (callee.kind === 'getattr') {
    const owner = expression(g, callee.object, frame);
    const name = JSON.stringify(callee.attribute);
    const object = canFail(node) ? `methodOwner(${owner},${name},${g.at(callee.at)})` : owner;
    const args = `${positionalOf(g, node, frame)},${keywordsOf(g, node, frame, caller)}`;
    return `callMethod(${context},${object},${name},${args},${g.at(callee.at)})`;
  }
  const fn = expression(g, callee, frame);
  return `call(${context},${fn},${positionalOf(g, node, frame)},${keywordsOf(g, node, frame, caller)},${at})`;
}
