import { parseExpression, parseTuple } from './expressions.ts';
import type {
  Assign,
  AssignBlock,
  Block,
  Expression,
  Filter,
  For,
  FromImport,
  If,
  Statement,
  With,
} from './nodes.ts';
import type { Parser } from './parser.ts';
import { parseFilter } from './postfix.ts';

/** Branches of one `if`. */
const MAX_BRANCHES = 1000;

/** Parses a statement whose tag stands at `at`, up to the end of its last tag. */
export type StatementParser = (parser: Parser, at: number) => Statement;

function parseFor(parser: Parser, at: number): For {
  const { stream } = parser;
  const target = parser.target({ end: 'name:in' });
  stream.expect('name:in');
  const iter = parseTuple(stream, { withCondition: false, end: 'name:recursive' });
  const test = stream.skipIf('name:if') ? parseExpression(stream) : undefined;
  const recursive = stream.skipIf('name:recursive');
  const body = parser.statements(['name:endfor', 'name:else'], false);
  const hasElse = stream.next().value !== 'endfor';
  const otherwise = hasElse ? parser.statements(['name:endfor'], true) : [];
  return { kind: 'for', at, target, iter, body, otherwise, test, recursive };
}

function parseIf(parser: Parser, at: number): If {
  const { stream } = parser;
  const branch = (from: number): If => {
    const test = parseTuple(stream, { withCondition: false });
    const body = parser.statements(['name:elif', 'name:else', 'name:endif'], false);
    return { kind: 'if', at: from, test, body, elifs: [], otherwise: [] };
  };
  const node = branch(at);
  for (let token = stream.next(); token.value !== 'endif'; token = stream.next()) {
    if (token.value === 'elif') {
      // A chain of branches is as deep as it is long for whoever compiles the code.
      if (node.elifs.length >= MAX_BRANCHES) stream.deeper(Number.POSITIVE_INFINITY);
      node.elifs.push(branch(stream.current.offset));
    } else {
      node.otherwise = parser.statements(['name:endif'], true);
      break;
    }
  }
  return node;
}

function parseSet(parser: Parser, at: number): Assign | AssignBlock {
  const { stream } = parser;
  const target = parser.target({ namespace: true });
  if (stream.skipIf('assign')) return { kind: 'assign', at, target, value: parseTuple(stream) };
  const filter: Filter | undefined =
    stream.current.type === 'pipe' ? parseFilter(stream, undefined) : undefined;
  return { kind: 'assignblock', at, target, filter, body: parser.statements(['name:endset'], true) };
}

function parseWith(parser: Parser, at: number): With {
  const { stream } = parser;
  const targets: Expression[] = [];
  const values: Expression[] = [];
  while (stream.current.type !== 'block_end') {
    if (targets.length > 0) stream.expect('comma');
    targets.push(parser.target({}, 'param'));
    stream.expect('assign');
    values.push(parseExpression(stream));
  }
  return { kind: 'with', at, targets, values, body: parser.statements(['name:endwith'], true) };
}

function parseBlock(parser: Parser, at: number): Block {
  const { stream } = parser;
  const name = stream.expectName();
  const scoped = stream.skipIf('name:scoped');
  const required = stream.skipIf('name:required');
  if (stream.current.type === 'sub') {
    stream.fail(
      'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.',
    );
  }
  const body = parser.statements(['name:endblock'], true);
  if (required && !body.every(isBlank))
    stream.fail('Required blocks can only contain comments or whitespace');
  stream.skipIf(`name:${name}`);
  return { kind: 'block', at, name, body, scoped, required };
}

function isBlank(statement: Statement): boolean {
  if (statement.kind !== 'output') return false;
  return statement.parts.every((part) => part.kind === 'data' && part.data.trim() === '');
}

function parseFrom(parser: Parser, at: number): FromImport {
  const { stream } = parser;
  const template = parseExpression(stream);
  stream.expect('name:import');
  const names: FromImport['names'] = [];
  let withContext: boolean | undefined;
  do {
    if (names.length > 0) stream.expect('comma');
    if (stream.current.type !== 'name') stream.expect('name');
    withContext = parser.contextClause();
    if (withContext !== undefined) break;
    const target = parser.nameTarget();
    if (target.name.startsWith('_')) {
      stream.failAssertion('names starting with an underline can not be imported', target.at);
    }
    const alias = stream.skipIf('name:as') ? parser.nameTarget().name : target.name;
    names.push({ name: target.name, alias });
    withContext = parser.contextClause();
  } while (withContext === undefined && stream.current.type === 'comma');
  return { kind: 'fromimport', at, template, names, withContext: withContext ?? false };
}

/** The parsers of Jinja's statements by their tag; the tag itself is behind already. */
export const STATEMENTS: ReadonlyMap<string, StatementParser> = new Map<string, StatementParser>([
  ['for', parseFor],
  ['if', parseIf],
  ['set', parseSet],
  ['with', parseWith],
  ['block', parseBlock],
  ['from', parseFrom],
  ['extends', ({ stream }, at) => ({ kind: 'extends', at, template: parseExpression(stream) })],
  [
    'print',
    ({ stream }, at) => {
      const parts: Expression[] = [];
      while (stream.current.type !== 'block_end') {
        if (parts.length > 0) stream.expect('comma');
        parts.push(parseExpression(stream));
      }
      return { kind: 'output', at, parts };
    },
  ],
  [
    'include',
    (parser, at) => {
      const { stream } = parser;
      const template = parseExpression(stream);
      const after = stream.test('name:ignore') ? stream.look() : undefined;
      const ignoreMissing = after?.type === 'name' && after.value === 'missing';
      if (ignoreMissing) stream.skip(2);
      return { kind: 'include', at, template, ignoreMissing, withContext: parser.contextClause() ?? true };
    },
  ],
  [
    'import',
    (parser, at) => {
      const template = parseExpression(parser.stream);
      parser.stream.expect('name:as');
      const target = parser.nameTarget().name;
      return { kind: 'import', at, template, target, withContext: parser.contextClause() ?? false };
    },
  ],
  [
    'macro',
    (parser, at) => {
      const { name } = parser.nameTarget();
      return {
        kind: 'macro',
        at,
        name,
        ...parser.signature(),
        body: parser.statements(['name:endmacro'], true),
      };
    },
  ],
  [
    'call',
    (parser, at) => {
      const { stream } = parser;
      const signature = stream.current.type === 'lparen' ? parser.signature() : { args: [], defaults: [] };
      const call = parseExpression(stream);
      if (call.kind !== 'call') return stream.fail('expected call', at);
      return { kind: 'callblock', at, ...signature, call, body: parser.statements(['name:endcall'], true) };
    },
  ],
  [
    'filter',
    (parser, at) => {
      const filter = parseFilter(parser.stream, undefined, 'inline');
      return { kind: 'filterblock', at, filter, body: parser.statements(['name:endfilter'], true) };
    },
  ],
  [
    'autoescape',
    (parser, at) => {
      const value = parseExpression(parser.stream);
      return { kind: 'autoescape', at, value, body: parser.statements(['name:endautoescape'], true) };
    },
  ],
]);
