import { parseExpression, parsePrimary } from './expressions.ts';
import type { Arguments, Call, Expression, Filter, Slice } from './nodes.ts';
import type { TokenStream } from './token-stream.ts';

/** Links of one chain (`a + b + c`, `x|f|g`): a chain is as deep as it is long. */
const MAX_CHAIN = 1500;

/** Refuses a chain that got too long to compile safely. */
export function link(stream: TokenStream, length: number): number {
  if (length > MAX_CHAIN) stream.deeper(Number.POSITIVE_INFINITY);
  return length + 1;
}

/** The attributes, items and calls after an operand. */
export function parsePostfix(stream: TokenStream, operand: Expression): Expression {
  let node = operand;
  for (let length = 0; ; length = link(stream, length)) {
    const { type } = stream.current;
    if (type === 'dot' || type === 'lbracket') node = parseSubscript(stream, node);
    else if (type === 'lparen') node = parseCall(stream, node);
    else return node;
  }
}

/** The filters, tests and calls after an operand. */
export function parseFilterExpression(stream: TokenStream, operand: Expression): Expression {
  let node = operand;
  for (let length = 0; ; length = link(stream, length)) {
    if (stream.current.type === 'pipe') node = parseFilter(stream, node);
    else if (stream.test('name:is')) node = parseTest(stream, node);
    else if (stream.current.type === 'lparen') node = parseCall(stream, node);
    else return node;
  }
}

function parseSubscript(stream: TokenStream, object: Expression): Expression {
  const token = stream.next();
  if (token.type === 'dot') {
    const { type, value, offset: at } = stream.current;
    stream.next();
    if (type === 'name') return { kind: 'getattr', at, object, attribute: value as string };
    if (type !== 'integer') stream.fail('expected name or number', at);
    return { kind: 'getitem', at, object, argument: { kind: 'const', at, value } };
  }
  const items: Expression[] = [];
  while (stream.current.type !== 'rbracket') {
    if (items.length > 0) stream.expect('comma');
    items.push(parseSubscribed(stream));
  }
  stream.expect('rbracket');
  const at = token.offset;
  const argument: Expression = items.length === 1 ? items[0]! : { kind: 'tuple', at, items };
  return { kind: 'getitem', at, object, argument };
}

function parseSubscribed(stream: TokenStream): Expression {
  const at = stream.current.offset;
  const ends = (types: readonly string[]) => types.includes(stream.current.type);
  let start: Expression | undefined;
  if (!stream.skipIf('colon')) {
    start = parseExpression(stream);
    if (!stream.skipIf('colon')) return start;
  }
  const stop = ends(['colon', 'rbracket', 'comma']) ? undefined : parseExpression(stream);
  const hasStep = stream.skipIf('colon') && !ends(['rbracket', 'comma']);
  return {
    kind: 'slice',
    at,
    start,
    stop,
    step: hasStep ? parseExpression(stream) : undefined,
  } satisfies Slice;
}

function parseArguments(stream: TokenStream): Arguments {
  const open = stream.expect('lparen').offset;
  const result: Arguments = { args: [], keywords: [], dynArgs: undefined, dynKeywords: undefined };
  const names = new Set<string>();
  const ensure = (valid: boolean) => {
    if (!valid) stream.fail('invalid syntax for function call expression', open);
  };
  for (let first = true; stream.current.type !== 'rparen'; first = false) {
    if (!first) {
      stream.expect('comma');
      if (stream.current.type === 'rparen') break;
    }
    if (stream.current.type === 'mul') {
      ensure(!result.dynArgs && !result.dynKeywords);
      stream.next();
      result.dynArgs = parseExpression(stream);
    } else if (stream.current.type === 'pow') {
      ensure(!result.dynKeywords);
      stream.next();
      result.dynKeywords = parseExpression(stream);
    } else if (stream.current.type === 'name' && stream.look().type === 'assign') {
      ensure(!result.dynKeywords);
      const name = stream.next().value as string;
      stream.next();
      if (names.has(name)) stream.failPython(`keyword argument repeated: ${name}`, open);
      names.add(name);
      result.keywords.push({ name, value: parseExpression(stream) });
    } else {
      ensure(!result.dynArgs && !result.dynKeywords && result.keywords.length === 0);
      result.args.push(parseExpression(stream));
    }
  }
  stream.expect('rparen');
  return result;
}

function parseCall(stream: TokenStream, callee: Expression): Call {
  return { kind: 'call', at: callee.at, callee, ...parseArguments(stream) };
}

/** A name with dots, as filters and tests have them. */
function parseDottedName(stream: TokenStream): string {
  let name = stream.expectName();
  while (stream.skipIf('dot')) name += `.${stream.expectName()}`;
  return name;
}

function optionalArguments(stream: TokenStream): Arguments {
  if (stream.current.type === 'lparen') return parseArguments(stream);
  return { args: [], keywords: [], dynArgs: undefined, dynKeywords: undefined };
}

/** The filters after an operand; an inline one, as in a filter block, has no `|` before it. */
export function parseFilter(stream: TokenStream, operand: Expression | undefined, inline?: 'inline'): Filter {
  let node = operand;
  let isFirst = inline === 'inline';
  for (let length = 0; isFirst || stream.current.type === 'pipe'; length = link(stream, length)) {
    if (!isFirst) stream.next();
    isFirst = false;
    const at = stream.current.offset;
    const name = parseDottedName(stream);
    node = { kind: 'filter', at, operand: node, name, ...optionalArguments(stream) };
  }
  return node as Filter;
}

const TEST_ARGUMENTS = new Set(['name', 'string', 'integer', 'float', 'lparen', 'lbracket', 'lbrace']);

function parseTest(stream: TokenStream, operand: Expression): Expression {
  stream.next();
  const negated = stream.skipIf('name:not');
  const at = stream.current.offset;
  const name = parseDottedName(stream);
  const given = optionalTestArguments(stream);
  const node: Expression = { kind: 'test', at, operand, name, ...given };
  return negated ? { kind: 'not', at, operand: node } : node;
}

function optionalTestArguments(stream: TokenStream): Arguments {
  if (stream.current.type === 'lparen' || !TEST_ARGUMENTS.has(stream.current.type))
    return optionalArguments(stream);
  const none = { args: [], keywords: [], dynArgs: undefined, dynKeywords: undefined };
  if (['else', 'or', 'and'].some((word) => stream.test(`name:${word}`))) return none;
  if (stream.test('name:is')) stream.fail('You cannot chain multiple tests with is');
  return { ...none, args: [stream.nested(() => parsePostfix(stream, parsePrimary(stream)))] };
}
