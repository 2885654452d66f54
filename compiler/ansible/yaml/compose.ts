import { describeToken, hintFor } from './describe-token.ts';
import type { MappingNode, ScalarNode, SequenceNode, YamlNode } from './node.ts';
import { YamlFailure, type YamlPlace } from './problem.ts';
import { Scanner } from './scanner.ts';
import type { Token, TokenKind } from './token.ts';
import { fail, within } from './token-failure.ts';

const CORE = 'tag:yaml.org,2002:';

/** The documents of a stream, as nodes; an alias counts as one value. An error is thrown as YamlFailure. */
export function* composeDocuments(
  text: string,
  limits: { maxDepth: number; maxValues: number },
): Generator<YamlNode> {
  const composer = new Composer(new Scanner(text, limits.maxDepth), limits.maxValues);
  for (;;) {
    const node = composer.document();
    if (!node) return;
    yield node;
  }
}

interface Properties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  /** The place of the first of them, else of the node. */
  readonly place: YamlPlace;
  readonly any: boolean;
}

class Composer {
  readonly #scanner: Scanner;
  #implicitAllowed = true;
  #handles = new Map<string, string>();
  #anchors = new Map<string, { node: YamlNode | undefined; place: YamlPlace }>();
  readonly #mostNodes: number;
  #nodes = 0;

  constructor(scanner: Scanner, mostNodes: number) {
    this.#scanner = scanner;
    this.#mostNodes = mostNodes;
  }

  document(): YamlNode | undefined {
    this.#handles = new Map();
    this.#anchors = new Map();
    if (!this.#implicitAllowed) while (this.#takes('...'));
    const first = this.#scanner.peek().kind;
    if (first === 'end of file') return undefined;
    let node: YamlNode;
    if (this.#implicitAllowed && first !== 'directive' && first !== '---') node = this.#node(true, false);
    else {
      while (this.#takes('...'));
      if (this.#is('end of file')) return undefined;
      this.#directives();
      const start = this.#scanner.next();
      if (start.kind !== '---') {
        throw fail(
          start,
          "expected '---' before another document",
          'check the indentation: a file holds one document',
        );
      }
      node = this.#is('directive', '---', '...', 'end of file') ? this.#empty() : this.#node(true, false);
    }
    this.#takes('...');
    this.#implicitAllowed = false;
    return node;
  }

  /** Whether the next token is of one of these kinds. */
  #is(one: TokenKind, two?: TokenKind, three?: TokenKind, four?: TokenKind): boolean {
    const { kind } = this.#scanner.peek();
    return kind === one || kind === two || kind === three || kind === four;
  }

  #takes(kind: TokenKind): Token | undefined {
    return this.#scanner.peek().kind === kind ? this.#scanner.next() : undefined;
  }

  #directives(): void {
    let versioned = false;
    for (let token = this.#takes('directive'); token; token = this.#takes('directive')) {
      const directive = token.directive!;
      if (directive.name === 'YAML') {
        if (versioned) throw fail(token, 'found a second %YAML directive');
        if (directive.major !== 1 || (directive.minor !== 1 && directive.minor !== 2)) {
          throw fail(token, `YAML ${directive.major}.${directive.minor} is neither 1.1 nor 1.2`);
        }
        versioned = true;
      } else {
        if (this.#handles.has(directive.handle))
          throw fail(token, `found a second %TAG ${directive.handle} directive`);
        this.#handles.set(directive.handle, directive.prefix);
      }
    }
  }

  #empty(place = this.#scanner.peek().place, tag?: string): ScalarNode {
    return { kind: 'scalar', text: '', plain: true, tag, place };
  }

  /** @param block whether blocks are allowed. @param indentless whether `-` may stand no deeper than its key. */
  #node(block: boolean, indentless: boolean): YamlNode {
    if (++this.#nodes > this.#mostNodes) {
      throw fail(this.#scanner.peek(), `more than ${this.#mostNodes} values`);
    }
    const alias = this.#takes('alias');
    if (alias) return this.#alias(alias);
    const properties = this.#properties();
    const { anchor, place } = properties;
    if (anchor !== undefined) {
      const first = this.#anchors.get(anchor);
      if (first) {
        throw new YamlFailure({
          place,
          message: `found duplicate anchor &${anchor}`,
          related: { place: first.place, message: 'first declared here' },
        });
      }
      this.#anchors.set(anchor, { node: undefined, place });
    }
    const node = this.#content(properties, block, indentless);
    if (anchor !== undefined) this.#anchors.set(anchor, { node, place });
    return node;
  }

  #alias(token: Token): YamlNode {
    const target = this.#anchors.get(token.text!);
    if (!target)
      throw fail(
        token,
        `found undefined alias *${token.text}`,
        'an anchor (&name) must stand above its alias; put a text that begins with * in quotes',
      );
    if (!target.node) throw fail(token, `alias *${token.text} refers to a value that it is a part of`);
    return target.node;
  }

  #properties(): Properties {
    const { place, kind } = this.#scanner.peek();
    if (kind !== 'anchor' && kind !== 'tag') return { anchor: undefined, tag: undefined, place, any: false };
    let anchor = this.#takes('anchor');
    const tagToken = this.#takes('tag');
    if (!anchor) anchor = this.#takes('anchor');
    const any = anchor !== undefined || tagToken !== undefined;
    return { anchor: anchor?.text, tag: tagToken && this.#tag(tagToken), place, any };
  }

  #tag(token: Token): string {
    const { handle, suffix } = token.tag!;
    if (handle === '') return suffix;
    const prefix = this.#handles.get(handle) ?? (handle === '!' ? '!' : handle === '!!' ? CORE : undefined);
    if (prefix === undefined) throw fail(token, `found undefined tag handle ${handle}`);
    return prefix + suffix;
  }

  #content({ tag: written, place, any }: Properties, block: boolean, indentless: boolean): YamlNode {
    const token = this.#scanner.peek();
    const tag = written === '!' ? undefined : written;
    if (indentless && token.kind === '-') return this.#indentless(tag, place);
    switch (token.kind) {
      case 'scalar':
        this.#scanner.next();
        return {
          kind: 'scalar',
          text: token.text!,
          plain: written === '!' || (token.plain! && !tag),
          tag,
          place,
        };
      case '[':
        return this.#flowSequence(tag, place);
      case '{':
        return this.#flowMapping(tag, place);
      case 'block sequence':
        if (block) return this.#blockSequence(tag, place);
        break;
      case 'block mapping':
        if (block) return this.#blockMapping(tag, place);
        break;
      default:
    }
    if (any) return { ...this.#empty(place, tag), plain: written === undefined };
    throw fail(token, `expected a value, but found ${describeToken(token)}`);
  }

  #blockSequence(tag: string | undefined, place: YamlPlace): SequenceNode {
    const start = this.#scanner.next();
    const items: YamlNode[] = [];
    while (this.#takes('-')) {
      items.push(this.#is('-', 'block end') ? this.#empty() : this.#node(true, false));
    }
    const end = this.#scanner.next();
    if (end.kind !== 'block end') {
      throw within(
        start,
        end,
        `expected another "- " of this list, but found ${describeToken(end)}`,
        'the list begins here',
      );
    }
    return { kind: 'sequence', items, tag, place };
  }

  #indentless(tag: string | undefined, place: YamlPlace): SequenceNode {
    const items: YamlNode[] = [];
    while (this.#takes('-')) {
      items.push(this.#is('-', 'key', 'value', 'block end') ? this.#empty() : this.#node(true, false));
    }
    return { kind: 'sequence', items, tag, place };
  }

  #blockMapping(tag: string | undefined, place: YamlPlace): MappingNode {
    const start = this.#scanner.next();
    const entries: [YamlNode, YamlNode][] = [];
    while (this.#takes('key')) {
      const key = this.#is('key', 'value', 'block end') ? this.#empty() : this.#node(true, true);
      const empty = !this.#takes('value') || this.#is('key', 'value', 'block end');
      entries.push([key, empty ? this.#empty() : this.#node(true, true)]);
    }
    const end = this.#scanner.next();
    if (end.kind !== 'block end') {
      const after = entries.at(-1)?.[1];
      throw within(
        start,
        end,
        `expected another key of this mapping, but found ${describeToken(end)}`,
        'the mapping begins here',
        hintFor(after),
      );
    }
    return { kind: 'mapping', entries, tag, place, flow: false };
  }

  #flowSequence(tag: string | undefined, place: YamlPlace): SequenceNode {
    const start = this.#scanner.next();
    const items: YamlNode[] = [];
    while (!this.#is(']')) {
      if (items.length > 0) {
        const comma = this.#scanner.next();
        if (comma.kind !== ',')
          throw within(
            start,
            comma,
            `expected ',' or ']', but found ${describeToken(comma)}`,
            'the bracket is opened here',
          );
        if (this.#is(']')) break;
      }
      items.push(this.#is('key') ? this.#pair() : this.#node(false, false));
    }
    this.#scanner.next();
    return { kind: 'sequence', items, tag, place };
  }

  /** `[a: b]`: a mapping of one entry. */
  #pair(): MappingNode {
    const { place } = this.#scanner.next();
    const key = this.#is('value', ',', ']') ? this.#skipAndEmpty() : this.#node(false, false);
    const empty = !this.#takes('value') || this.#is(',', ']');
    return {
      kind: 'mapping',
      entries: [[key, empty ? this.#empty() : this.#node(false, false)]],
      tag: undefined,
      place,
      flow: true,
    };
  }

  /** libyaml loses the token after a `?` without key within a list. */
  #skipAndEmpty(): ScalarNode {
    return this.#empty(this.#scanner.next().place);
  }

  #flowMapping(tag: string | undefined, place: YamlPlace): MappingNode {
    const start = this.#scanner.next();
    const entries: [YamlNode, YamlNode][] = [];
    while (!this.#is('}')) {
      if (entries.length > 0) {
        const comma = this.#scanner.next();
        if (comma.kind !== ',')
          throw within(
            start,
            comma,
            `expected ',' or '}', but found ${describeToken(comma)}`,
            'the brace is opened here',
          );
        if (this.#is('}')) break;
      }
      if (this.#takes('key')) {
        const key = this.#is('value', ',', '}') ? this.#empty() : this.#node(false, false);
        const empty = !this.#takes('value') || this.#is(',', '}');
        entries.push([key, empty ? this.#empty() : this.#node(false, false)]);
      } else entries.push([this.#node(false, false), this.#empty()]);
    }
    this.#scanner.next();
    return { kind: 'mapping', entries, tag, place, flow: true };
  }
}
