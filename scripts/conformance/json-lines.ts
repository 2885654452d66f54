import type { Readable } from 'node:stream';

/**
 * The JSON values of a stream that holds one a line. Lines end at \n alone: node:readline would also end them at
 * U+2028, which JSON leaves as it is.
 */
export async function* jsonLines(stream: Readable): AsyncIterable<unknown> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const text of stream as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
