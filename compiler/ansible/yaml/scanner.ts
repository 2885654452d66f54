import {
  atDocumentMark,
  codeAt,
  columnOf,
  failHere,
  isBlankOrEnd,
  isBreak,
  isWord,
  placeOf,
  readBreak,
  skipToBreak,
} from './cursor.ts';
import type { YamlPlace } from './problem.ts';
import { scanBlock } from './scan-block.ts';
import { scanDirective } from './scan-directive.ts';
import { scanPlain } from './scan-plain.ts';
import { scanQuoted } from './scan-quoted.ts';
import { scanTag } from './scan-tag.ts';
import type { Token } from './token.ts';
import { TokenQueue } from './token-queue.ts';

/** Splits a text into tokens by the rules of libyaml 0.2.5, which Ansible reads YAML with. */
export class Scanner {
  readonly #queue: TokenQueue;
  #done = false;

  /** @param deepest how many brackets or blocks may stand within each other. */
  constructor(text: string, deepest: number) {
    const start = text.startsWith('\ufeff') ? 1 : 0;
    this.#queue = new TokenQueue({ text, at: start, line: 0, lineStart: start }, deepest);
  }

  /** The next token, left where it is. */
  peek(): Token {
    while (!this.#done && this.#queue.needsMore()) this.#done = fetch(this.#queue);
    return this.#queue.first;
  }

  /** The next token; at the end of the file, that again and again. */
  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end of file') this.#queue.take();
    return token;
  }
}

/** What may not begin a scalar without quotes, except for `-`, `?` and `:` before a word. */
const STARTS_NO_PLAIN = new Set([...'-?:,[]{}#&*!|>\'"%@`\t'].map((char) => char.charCodeAt(0)));

/** Reads the next token into the queue. @returns whether it is the end of the file. */
function fetch(queue: TokenQueue): boolean {
  const { cursor } = queue;
  skipSpace(queue);
  queue.dropStaleKeys();
  const column = columnOf(cursor);
  queue.unroll(column);
  const place = placeOf(cursor);
  if (cursor.at >= cursor.text.length) {
    endBlocks(queue);
    queue.push('end of file', place);
    return true;
  }
  const code = codeAt(cursor);
  if (column === 0 && code === 0x25) {
    endBlocks(queue);
    queue.pushToken({ kind: 'directive', place, directive: scanDirective(cursor) });
  } else if (atDocumentMark(cursor)) {
    endBlocks(queue);
    cursor.at += 3;
    queue.push(code === 0x2d ? '---' : '...', place);
  } else fetchContent(queue, code, place);
  return false;
}

function skipSpace(queue: TokenQueue): void {
  const { cursor } = queue;
  for (;;) {
    if (cursor.at === cursor.lineStart && codeAt(cursor) === 0xfeff) cursor.at++;
    for (;;) {
      const code = codeAt(cursor);
      if (code !== 0x20 && !(code === 0x09 && (queue.inFlow || !queue.keyAllowed))) break;
      cursor.at++;
    }
    if (codeAt(cursor) === 0x23) skipToBreak(cursor);
    if (!isBreak(codeAt(cursor))) return;
    readBreak(cursor);
    if (!queue.inFlow) queue.keyAllowed = true;
  }
}

function endBlocks(queue: TokenQueue): void {
  queue.unroll(-1);
  queue.dropKey();
  queue.keyAllowed = false;
}

function fetchContent(queue: TokenQueue, code: number, place: YamlPlace): void {
  const { cursor } = queue;
  switch (code) {
    case 0x5b:
    case 0x7b:
      queue.openBracket();
      cursor.at++;
      queue.push(code === 0x5b ? '[' : '{', place);
      break;
    case 0x5d:
    case 0x7d:
      queue.closeBracket();
      cursor.at++;
      queue.push(code === 0x5d ? ']' : '}', place);
      break;
    case 0x2c:
      queue.dropKey();
      queue.keyAllowed = true;
      cursor.at++;
      queue.push(',', place);
      break;
    case 0x2a:
    case 0x26:
      beginNode(queue);
      fetchAnchor(queue, code === 0x2a ? 'alias' : 'anchor', place);
      break;
    case 0x21:
      beginNode(queue);
      queue.pushToken({ kind: 'tag', place, tag: scanTag(cursor, queue.inFlow) });
      break;
    case 0x27:
    case 0x22:
      beginNode(queue);
      queue.pushToken({ kind: 'scalar', place, text: scanQuoted(cursor), plain: false });
      break;
    default:
      fetchIndicatorOrPlain(queue, code, place);
  }
}

function beginNode(queue: TokenQueue): void {
  queue.saveKey();
  queue.keyAllowed = false;
}

function fetchIndicatorOrPlain(queue: TokenQueue, code: number, place: YamlPlace): void {
  const { cursor, inFlow } = queue;
  const blankNext = isBlankOrEnd(codeAt(cursor, 1));
  if (code === 0x2d && blankNext) fetchEntry(queue, place);
  else if (code === 0x3f && (inFlow || blankNext)) fetchKey(queue, place);
  else if (code === 0x3a && (inFlow || blankNext)) fetchValue(queue, place);
  else if ((code === 0x7c || code === 0x3e) && !inFlow) {
    queue.dropKey();
    queue.keyAllowed = true;
    queue.pushToken({ kind: 'scalar', place, text: scanBlock(cursor, queue.indent), plain: false });
  } else if (STARTS_NO_PLAIN.has(code) && code !== 0x2d && code !== 0x3f && code !== 0x3a) {
    failAtToken(queue, code);
  } else {
    beginNode(queue);
    const scalar = scanPlain(cursor, queue.indent + 1, inFlow);
    if (scalar.endsLine) queue.keyAllowed = true;
    queue.pushToken({ kind: 'scalar', place, text: scalar.text, plain: true });
  }
}

function failAtToken({ cursor }: TokenQueue, code: number): never {
  const char = String.fromCharCode(code);
  if (code === 0x09) {
    failHere(
      cursor,
      'found a tab character where indentation is expected',
      'indent with spaces; YAML forbids tabs for indentation',
    );
  }
  const quotable = code === 0x25 || code === 0x40 || code === 0x60;
  const hint = quotable ? `put a text that begins with ${char} in quotes` : undefined;
  failHere(cursor, `found character ${JSON.stringify(char)} that cannot start any value`, hint);
}

function fetchEntry(queue: TokenQueue, place: YamlPlace): void {
  const { cursor } = queue;
  if (!queue.inFlow) {
    if (!queue.keyAllowed) {
      failHere(
        cursor,
        'block sequence entries are not allowed here',
        'a list begins on a line of its own, below its key',
      );
    }
    queue.roll(columnOf(cursor), 'block sequence');
  }
  queue.dropKey();
  queue.keyAllowed = true;
  cursor.at++;
  queue.push('-', place);
}

function fetchKey(queue: TokenQueue, place: YamlPlace): void {
  const { cursor } = queue;
  if (!queue.inFlow) {
    if (!queue.keyAllowed) failHere(cursor, 'mapping keys are not allowed here');
    queue.roll(columnOf(cursor), 'block mapping');
  }
  queue.dropKey();
  queue.keyAllowed = !queue.inFlow;
  cursor.at++;
  queue.push('key', place);
}

function fetchValue(queue: TokenQueue, place: YamlPlace): void {
  const { cursor } = queue;
  if (!queue.takeKey()) {
    if (!queue.inFlow) {
      if (!queue.keyAllowed) {
        failHere(
          cursor,
          'mapping values are not allowed here',
          'put a text that holds ": " in quotes; check the indentation of this line and the one above',
        );
      }
      queue.roll(columnOf(cursor), 'block mapping');
    }
    queue.keyAllowed = !queue.inFlow;
  }
  cursor.at++;
  queue.push('value', place);
}

function fetchAnchor(queue: TokenQueue, kind: 'alias' | 'anchor', place: YamlPlace): void {
  const { cursor } = queue;
  const start = ++cursor.at;
  while (isWord(codeAt(cursor))) cursor.at++;
  const end = codeAt(cursor);
  if (cursor.at === start || !(isBlankOrEnd(end) || '?:,]}%@`'.includes(String.fromCharCode(end)))) {
    failHere(
      cursor,
      `expected a letter, a digit, _ or - in the name of an ${kind}`,
      `put a text that begins with ${kind === 'alias' ? '*' : '&'} in quotes`,
    );
  }
  queue.pushToken({ kind, place, text: cursor.text.slice(start, cursor.at) });
}
