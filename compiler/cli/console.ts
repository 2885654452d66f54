import { styleText } from 'node:util';

/** How a command ends. */
export const EXIT = { well: 0, problems: 1, usage: 2, bug: 3 } as const;

/** A command that was called in a way that cannot be: told on stderr, exit 2. */
export class UsageError extends Error {}

/** What a shell says of a program that SIGPIPE has ended. */
const READER_GONE = 128 + 13;

/** Ends the program without a word once nobody reads stdout or stderr any more, as in `khp … | head`. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(READER_GONE);
    });
  }
}

/** Writes a result to stdout. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
}

/** Writes a remark to stderr. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes what is going on to stderr, on a terminal only; each call overwrites the last, an empty text ends it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text && styleText('dim', text)}`);
}

/** Whether stdout takes colour. */
export function usesColor(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
