import { normalizeSource, type Source, tokenize } from '../lexer/lexer.ts';
import type { Syntax } from '../lexer/syntax.ts';
import { describeExpected } from '../lexer/token.ts';
import { parseExpression, parseTuple, type TupleOptions } from './expressions.ts';
import type { Expression, Name, Signature, Statement, Template } from './nodes.ts';
import { STATEMENTS, type StatementParser } from './statements.ts';
import { TokenStream } from './token-stream.ts';

/** Statements beyond Jinja's own that an environment may switch on. */
export type Extension = 'do' | 'loopcontrols';

export interface ParserOptions {
  readonly syntax: Syntax;
  readonly extensions: ReadonlySet<Extension>;
  readonly maxTokens: number;
  readonly maxNesting: number;
}

/** The tree of a template. @throws TemplateSyntaxError */
export function parseTemplate(source: Source, options: ParserOptions): Template {
  const stream = new TokenStream(source, tokenize(source, options), options.maxNesting);
  return { kind: 'template', at: 0, body: new Parser(stream, options.extensions).body() };
}

/** The tree of an expression alone. @throws TemplateSyntaxError */
export function parseLoneExpression(source: Source, options: ParserOptions): Expression {
  const stream = new TokenStream(
    source,
    tokenize(source, { ...options, state: 'variable' }),
    options.maxNesting,
  );
  const expression = parseExpression(stream);
  if (stream.current.type !== 'eof') stream.fail('chunk after expression');
  return expression;
}

/** A source as the parser takes it. */
export function sourceOf(text: string, name: string | undefined, syntax: Syntax): Source {
  return { name, text: normalizeSource(text, syntax) };
}

/** What the parsers of statements share: the tokens, and which tags are open. */
export class Parser {
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
