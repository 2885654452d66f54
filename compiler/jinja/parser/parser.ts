import { normalizeSource, type Source, tokenize } from '../lexer/lexer.ts';
import type { Syntax } from '../lexer/syntax.ts';
import { describeExpected } from '../lexer/token.ts';
import { parseExpression, parseFilter, parseTuple, type TupleOptions } from './expressions.ts';
import type {
  Assign,
  AssignBlock,
  Block,
  Expression,
  Filter,
  For,
  FromImport,
  If,
  Name,
  Signature,
  Statement,
  Template,
  With,
} from './nodes.ts';
import { TokenStream } from './token-stream.ts';

/** Statements beyond Jinja's own that an environment may switch on. */
export type Extension = 'do' | 'loopcontrols';

export interface ParserOptions {
  readonly syntax: Syntax;
  readonly extensions: ReadonlySet<Extension>;
  readonly maxNesting: number;
}

/** The tree of a template. @throws TemplateSyntaxError */
export function parseTemplate(source: Source, options: ParserOptions): Template {
  const stream = new TokenStream(source, tokenize(source, options.syntax), options.maxNesting);
  return { kind: 'template', at: 0, body: new Parser(stream, options.extensions).body() };
}

/** The tree of an expression alone. @throws TemplateSyntaxError */
export function parseLoneExpression(source: Source, options: ParserOptions): Expression {
  const stream = new TokenStream(source, tokenize(source, options.syntax, 'variable'), options.maxNesting);
  const expression = parseExpression(stream);
  if (stream.current.type !== 'eof') stream.fail('chunk after expression');
  return expression;
}

/** A source as the parser takes it. */
export function sourceOf(text: string, name: string | undefined, syntax: Syntax): Source {
  return { name, text: normalizeSource(text, syntax) };
}

/** Branches of one `if`. */
const MAX_BRANCHES = 1000;

type StatementParser = (parser: Parser, at: number) => Statement;

class Parser {
  readonly stream: TokenStream;
  readonly #extensions: ReadonlySet<Extension>;
  readonly #openTags: string[] = [];
  readonly #ends: (readonly string[])[] = [];

  constructor(stream: TokenStream, extensions: ReadonlySet<Extension>) {
    this.stream = stream;
    this.#extensions = extensions;
  }

  /** Text, outputs and statements up to one of the end tags, which stays current, or the end of the source. */
  body(ends?: readonly string[]): Statement[] {
    const { stream } = this;
    const body: Statement[] = [];
    let parts: Expression[] = [];
    const flush = () => {
      if (parts.length > 0) body.push({ kind: 'output', at: parts[0]!.at, parts });
      parts = [];
    };
    if (ends) this.#ends.push(ends);
    while (stream.current.type !== 'eof') {
      const token = stream.next();
      if (token.type === 'data') parts.push({ kind: 'data', at: token.offset, data: token.value as string });
      else if (token.type === 'variable_begin') {
        parts.push(parseTuple(stream));
        stream.expect('variable_end');
      } else {
        flush();
        if (ends?.some((end) => stream.test(end))) {
          this.#ends.pop();
          return body;
        }
        body.push(stream.nested(() => this.#statement()));
        stream.expect('block_end');
      }
    }
    flush();
    if (ends) this.#ends.pop();
    return body;
  }

  #statement(): Statement {
    const { stream } = this;
    const token = stream.current;
    if (token.type !== 'name') stream.fail('tag name expected');
    const tag = token.value as string;
    const parse = STATEMENTS.get(tag) ?? this.#extension(tag);
    if (!parse) this.#failUnfinished(tag, this.#ends);
    this.#openTags.push(tag);
    stream.next();
    const statement = parse(this, token.offset);
    this.#openTags.pop();
    return statement;
  }

  #extension(tag: string): StatementParser | undefined {
    if (tag === 'do' && this.#extensions.has('do')) {
      return (_, at) => ({ kind: 'do', at, value: parseTuple(this.stream) });
    }
    if ((tag === 'break' || tag === 'continue') && this.#extensions.has('loopcontrols')) {
      return (_, at) => ({ kind: tag, at });
    }
    return undefined;
  }

  /** The body of a statement up to an end tag, which becomes current; with `drop`, it is left behind. */
  statements(ends: readonly string[], drop: boolean): Statement[] {
    this.stream.skipIf('colon');
    this.stream.expect('block_end');
    const body = this.body(ends);
    if (this.stream.current.type === 'eof') this.#failUnfinished(undefined, [...this.#ends, ends]);
    if (drop) this.stream.next();
    return body;
  }

  #failUnfinished(tag: string | undefined, ends: readonly (readonly string[])[]): never {
    const expected = new Set(ends.flat().map(describeExpected));
    const looking = ends
      .at(-1)
      ?.map((end) => `'${describeExpected(end)}'`)
      .join(' or ');
    const message = [tag === undefined ? 'Unexpected end of template.' : `Encountered unknown tag '${tag}'.`];
    if (looking && tag !== undefined && expected.has(tag)) {
      message.push(
        `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`,
      );
    } else if (looking) message.push(`Jinja was looking for the following tags: ${looking}.`);
    const innermost = this.#openTags.at(-1);
    if (innermost) message.push(`The innermost block that needs to be closed is '${innermost}'.`);
    return this.stream.fail(message.join(' '));
  }

  /** An assignment's target: a name, several in a tuple, or (in `set`) an attribute of a namespace. */
  target(options: TupleOptions, context: Name['context'] = 'store'): Expression {
    const { stream } = this;
    const target = parseTuple(stream, { simplified: true, ...options });
    return this.#asTarget(target, context);
  }

  #asTarget(node: Expression, context: Name['context']): Expression {
    if (node.kind === 'name') {
      node.context = context;
      if (['true', 'false', 'none', 'True', 'False', 'None'].includes(node.name))
        return this.#failTarget(node);
      return node;
    }
    if (node.kind === 'nsref') return node;
    if (node.kind !== 'tuple') return this.#failTarget(node);
    for (const item of node.items) {
      if (item.kind !== 'name' && item.kind !== 'nsref' && item.kind !== 'tuple') this.#failTarget(node);
      this.#asTarget(item, context);
    }
    return node;
  }

  #failTarget(node: Expression): never {
    return this.stream.fail(`can't assign to '${node.kind}'`, node.at);
  }

  nameTarget(context: Name['context'] = 'store'): Name {
    const token = this.stream.expect('name');
    return this.#asTarget(
      { kind: 'name', at: token.offset, name: token.value as string, context },
      context,
    ) as Name;
  }

  signature(): Signature {
    const { stream } = this;
    const result: Signature = { args: [], defaults: [] };
    stream.expect('lparen');
    while (stream.current.type !== 'rparen') {
      if (result.args.length > 0) stream.expect('comma');
      const arg = this.nameTarget('param');
      if (stream.skipIf('assign')) result.defaults.push(parseExpression(stream));
      else if (result.defaults.length > 0) stream.fail('non-default argument follows default argument');
      result.args.push(arg);
    }
    stream.expect('rparen');
    return result;
  }

  /** `with context` or `without context`, if it is next. */
  contextClause(): boolean | undefined {
    const { stream } = this;
    const { value } = stream.current;
    if (stream.current.type !== 'name' || (value !== 'with' && value !== 'without')) return undefined;
    const after = stream.look();
    if (after.type !== 'name' || after.value !== 'context') return undefined;
    stream.skip(2);
    return value === 'with';
  }
}

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

const STATEMENTS = new Map<string, StatementParser>([
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
