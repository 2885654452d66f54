import type { FormatProblem } from './problem.ts';

/**
 * The first reason why java.util.Properties.load would refuse a text (a malformed \u escape), or read a line otherwise
 * than it was meant (a key with nothing behind it, not even a separator); or undefined.
 */
export function checkProperties(text: string): FormatProblem | undefined {
  for (const { line, content } of logicalLines(text)) {
    const badEscape = /(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})/.exec(content);
    if (badEscape) return { line, column: 1, message: 'malformed \\u escape: four hex digits must follow' };
    const [, key, separator] = /^((?:\\.|[^\\=:\s])*)([=:\s]?)/s.exec(content)!;
    if (separator === '') return { line, column: 1, message: `key "${key}" has neither a value nor a "="` };
  }
  return undefined;
}

interface LogicalLine {
  /** Of its first natural line, from 1. */
  readonly line: number;
  readonly content: string;
}

/** The lines of a properties file, comments and blank lines left out, continued lines joined. */
function* logicalLines(text: string): Iterable<LogicalLine> {
  const lines = text.split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let content = lines[index]!.trimStart();
    if (content === '' || content.startsWith('#') || content.startsWith('!')) continue;
    while (/(?<!\\)(?:\\\\)*\\$/.test(content) && index + 1 < lines.length) {
      index++;
      content = content.slice(0, -1) + lines[index]!.trimStart();
    }
    yield { line, content };
  }
}
