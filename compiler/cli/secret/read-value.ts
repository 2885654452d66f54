import { LONGEST_CIPHERTEXT } from '../../contract/manifest.ts';
import { UsageError } from '../console.ts';

/** A value from a prompt without echo, asked twice; from stdin where that is no terminal, less one line break at its end. */
export async function readValue(what: string): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) {
    const first = await ask(`${what}: `);
    if (first !== (await ask(`${what}, again: `)))
      throw new UsageError('the two values differ; nothing was changed');
    return checked(first);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    length += (chunk as Buffer).length;
    // Encrypted it would not fit; stdin may have no end.
    if (length > LONGEST_CIPHERTEXT) throw new UsageError('the value is too long; nothing was changed');
    chunks.push(chunk as Buffer);
  }
  return checked(decodeValue(Buffer.concat(chunks)).replace(/\r?\n$/, ''));
}

/** A value as text. */
export function decodeValue(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError('the value is no text in UTF-8; nothing was changed');
  }
}

/** The value, where it is one that can be set. */
export function checked(value: string): string {
  if (value === '') throw new UsageError('the value is empty; nothing was changed');
  return value;
}

/** One line from the terminal, which shows nothing of it. */
function ask(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve, reject) => {
    let line: string[] = [];
    const finish = (action: () => void): void => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      action();
    };
    const onData = (chunk: string): void => {
      for (const char of chunk) {
        if (char === '\r' || char === '\n') {
          finish(() => resolve(line.join('')));
          return;
        }
        if (char === '\u0003' || char === '\u0004') {
          finish(() => reject(new UsageError('interrupted; nothing was changed')));
          return;
        }
        if (char === '\u0015') line = [];
        else if (char === '\u007f' || char === '\b') line.pop();
        else line.push(char);
      }
    };
    stdin.on('data', onData);
  });
}
