import { fstatSync, writeSync } from 'node:fs';
import { styleText } from 'node:util';

/** How a command ends. */
export const EXIT = { well: 0, problems: 1, usage: 2, bug: 3 } as const;

/** A command that was called in a way that cannot be: told on stderr, exit 2. */
export class UsageError extends Error {}

/** What a shell says of a program that SIGPIPE has ended. */
const READER_GONE = 128 + 13;

const STDOUT = 1;

const opened = new Set<'stdout' | 'stderr'>();

/** Writes as it is. The program ends without a word once nobody reads any more, as in `khp … | head`. */
export function write(to: 'stdout' | 'stderr', text: string): void {
  // A stream is made when it is asked for first, which takes as long as much of what is said on it.
  const stream = process[to];
  if (!opened.has(to)) {
    opened.add(to);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(READER_GONE);
    });
  }
  stream.write(text);
}

/**
 * Ends the program, with `process.exitCode`, where all that it has said is in a file. Left alone it would end as well, but
 * first take apart tens of megabytes, object by object.
 */
export function endAtOnce(): void {
  // What is on a stream may still be on its way, or come back as an error.
  if (opened.size === 0) process.exit();
}

/** Writes a result to stdout, a line break behind it where it ends in none. */
export function print(text: string): void {
  printParts(text.endsWith('\n') || text === '' ? [text] : [text, '\n']);
}

/** Writes a result to stdout as it is, which is given in parts. */
export function printParts(parts: readonly string[]): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > PART && isFile(STDOUT)) writeToFile(STDOUT, parts);
  else write('stdout', parts.join(''));
}

/** UTF-16 code units that are written at once. */
const PART = 128 * 1024;

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Tens of megabytes are not put together first. */
function writeToFile(file: number, parts: readonly string[]): void {
  // A code unit is three bytes at most.
  const bytes = Buffer.allocUnsafeSlow(4 * PART);
  let length = 0;
  const flush = (): void => {
    for (let done = 0; done < length; ) done += writeSync(file, bytes, done, length - done);
    length = 0;
  };
  const add = (text: string): void => {
    if (length + 3 * text.length > bytes.length) flush();
    length += bytes.write(text, length);
  };
  parts.forEach((part) => {
    if (part.length <= PART) add(part);
    else for (const piece of piecesOf(part)) add(piece);
  });
  flush();
}

/** A long text in texts of at most PART code units, none of which ends within a character. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + PART, text.length);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
    yield text.slice(at, end);
    at = end;
  }
}

/** Writes a remark to stderr. */
export function remark(text: string): void {
  write('stderr', `${text}\n`);
}

/** Writes what is going on to stderr, on a terminal only; each call overwrites the last, an empty text ends it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) write('stderr', `\r\u001b[K${text && styleText('dim', text)}`);
}

/** Whether stdout takes colour. */
export function usesColor(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
