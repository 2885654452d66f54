import { describeToken } from '../lexer/token.ts';
import type { Value } from '../values/value.ts';
import type {
  Binary,
  BinaryOperator,
  Compare,
  CompareOperator,
  DictNode,
  Expression,
  ListNode,
  NamespaceRef,
  TupleNode,
} from './nodes.ts';
import { link, parseFilterExpression, parsePostfix } from './postfix.ts';
import { matches, type TokenStream } from './token-stream.ts';

const COMPARISONS = new Set(['eq', 'ne', 'lt', 'lteq', 'gt', 'gteq']);
const SUMS = new Set(['add', 'sub']);
const PRODUCTS = new Set(['mul', 'div', 'floordiv', 'mod']);
const POWERS = new Set(['pow']);
const CONSTANTS = new Map<Value, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
export function parseExpression(stream: TokenStream, withCondition = true): Expression {
  return stream.nested(() => (withCondition ? parseCondition(stream) : parseOr(stream)));
}

function parseCondition(stream: TokenStream): Expression {
  const at = stream.current.offset;
  let then = parseOr(stream);
  for (let length = 0; stream.skipIf('name:if'); length = link(stream, length)) {
    const test = parseOr(stream);
    const otherwise = stream.skipIf('name:else') ? stream.nested(() => parseCondition(stream)) : undefined;
    then = { kind: 'cond', at, test, then, otherwise };
  }
  return then;
}

function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream);
  for (let length = 0; stream.skipIf('name:or'); length = link(stream, length)) {
    left = { kind: 'or', at: left.at, left, right: parseAnd(stream) };
  }
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream);
  for (let length = 0; stream.skipIf('name:and'); length = link(stream, length)) {
    left = { kind: 'and', at: left.at, left, right: parseNot(stream) };
  }
  return left;
}

function parseNot(stream: TokenStream): Expression {
  if (!stream.test('name:not')) return parseCompare(stream);
  const at = stream.next().offset;
  return { kind: 'not', at, operand: stream.nested(() => parseNot(stream)) };
}

function parseCompare(stream: TokenStream): Expression {
  const first = parseSum(stream);
  const rest: Compare['rest'] = [];
  while (true) {
    const operator = comparison(stream);
    if (operator === undefined) break;
    rest.push({ operator, operand: parseSum(stream) });
  }
  return rest.length === 0 ? first : { kind: 'compare', at: first.at, first, rest };
}

/** Takes a comparison operator, if one is next. */
function comparison(stream: TokenStream): CompareOperator | undefined {
  if (COMPARISONS.has(stream.current.type)) return stream.next().type as CompareOperator;
  if (stream.skipIf('name:in')) return 'in';
  if (!stream.test('name:not') || !matches(stream.look(), 'name:in')) return undefined;
  stream.skip(2);
  return 'notin';
}

/** Left-associative operators of one precedence. */
function parseBinary(
  stream: TokenStream,
  operators: ReadonlySet<string>,
  parseOperand: (stream: TokenStream) => Expression,
): Expression {
  let left = parseOperand(stream);
  for (let length = 0; operators.has(stream.current.type); length = link(stream, length)) {
    const operator = stream.next().type as BinaryOperator;
    left = { kind: 'binary', at: left.at, operator, left, right: parseOperand(stream) } satisfies Binary;
  }
  return left;
}

function parseSum(stream: TokenStream): Expression {
  return parseBinary(stream, SUMS, parseConcat);
}

function parseConcat(stream: TokenStream): Expression {
  const first = parseProduct(stream);
  if (stream.current.type !== 'tilde') return first;
  const parts = [first];
  while (stream.skipIf('tilde')) parts.push(parseProduct(stream));
  return { kind: 'concat', at: first.at, parts };
}

function parseProduct(stream: TokenStream): Expression {
  return parseBinary(stream, PRODUCTS, parsePower);
}

function parsePower(stream: TokenStream): Expression {
  return parseBinary(stream, POWERS, parseUnary);
}

export function parseUnary(stream: TokenStream, withFilter: unknown = true): Expression {
  const token = stream.current;
  let node: Expression;
  if (token.type === 'sub' || token.type === 'add') {
    stream.next();
    const operand = stream.nested(() => parseUnary(stream, false));
    node = { kind: token.type === 'sub' ? 'neg' : 'pos', at: token.offset, operand };
  } else node = parsePrimary(stream);
  node = parsePostfix(stream, node);
  return withFilter === false ? node : parseFilterExpression(stream, node);
}

/** A name, a literal, or something in brackets; with `namespace`, also the target `ns.attribute`. */
export function parsePrimary(stream: TokenStream, namespace = false): Expression {
  const token = stream.current;
  const at = token.offset;
  switch (token.type) {
    case 'name':
      return parseName(stream, namespace);
    case 'string': {
      let text = '';
      while (stream.current.type === 'string') text += stream.next().value as string;
      return { kind: 'const', at, value: text };
    }
    case 'integer':
    case 'float':
      stream.next();
      return { kind: 'const', at, value: token.value };
    case 'lparen': {
      stream.next();
      const node = parseTuple(stream, { explicitParentheses: true });
      stream.expect('rparen');
      return node;
    }
    case 'lbracket':
      return parseList(stream);
    case 'lbrace':
      return parseDict(stream);
  }
  return stream.fail(`unexpected '${describeToken(token)}'`);
}

function parseName(stream: TokenStream, namespace: boolean): Expression {
  const { value, offset: at } = stream.next();
  const constant = CONSTANTS.get(value);
  if (constant !== undefined) return { kind: 'const', at, value: constant };
  const name = value as string;
  if (!namespace || !stream.skipIf('dot')) return { kind: 'name', at, name, context: 'load' };
  return { kind: 'nsref', at, name, attribute: stream.expectName() } satisfies NamespaceRef;
}

export interface TupleOptions {
  /** Only names and literals, as the targets of assignments. */
  readonly simplified?: boolean;
  readonly withCondition?: boolean;
  /** `name:value` that ends the tuple beside the usual ends. */
  readonly end?: string;
  /** In parentheses, where an empty tuple is valid. */
  readonly explicitParentheses?: boolean;
  readonly namespace?: boolean;
}

/** One expression, or several parted by commas as a tuple. */
export function parseTuple(stream: TokenStream, options: TupleOptions = {}): Expression {
  const at = stream.current.offset;
  const items: Expression[] = [];
  let isTuple = false;
  while (true) {
    if (items.length > 0) stream.expect('comma');
    if (isTupleEnd(stream, options.end)) break;
    items.push(
      options.simplified
        ? stream.nested(() => parsePrimary(stream, options.namespace))
        : parseExpression(stream, options.withCondition),
    );
    if (stream.current.type !== 'comma') break;
    isTuple = true;
  }
  if (!isTuple) {
    if (items[0]) return items[0];
    if (!options.explicitParentheses) {
      stream.fail(`Expected an expression, got '${describeToken(stream.current)}'`);
    }
  }
  return { kind: 'tuple', at, items } satisfies TupleNode;
}

function isTupleEnd(stream: TokenStream, end: string | undefined): boolean {
  const { type } = stream.current;
  if (type === 'variable_end' || type === 'block_end' || type === 'rparen') return true;
  return end !== undefined && stream.test(end);
}

function parseList(stream: TokenStream): ListNode {
  const at = stream.expect('lbracket').offset;
  const items: Expression[] = [];
  while (stream.current.type !== 'rbracket') {
    if (items.length > 0) stream.expect('comma');
    if (stream.current.type === 'rbracket') break;
    items.push(parseExpression(stream));
  }
  stream.expect('rbracket');
  return { kind: 'list', at, items };
}

function parseDict(stream: TokenStream): DictNode {
  const at = stream.expect('lbrace').offset;
  const node: DictNode = { kind: 'dict', at, keys: [], values: [] };
  while (stream.current.type !== 'rbrace') {
    if (node.keys.length > 0) stream.expect('comma');
    if (stream.current.type === 'rbrace') break;
    node.keys.push(parseExpression(stream));
    stream.expect('colon');
    node.values.push(parseExpression(stream));
  }
  stream.expect('rbrace');
  return node;
}
