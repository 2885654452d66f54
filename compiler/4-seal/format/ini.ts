import type { FormatProblem } from './problem.ts';

/** The first line that an INI reader refuses (no section, key = value, key : value, comment or continuation), or undefined. */
export function checkIni(text: string): FormatProblem | undefined {
  let inKey = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    if (/^\s/.test(line) && inKey) continue;
    inKey = /^[^[=:\s][^=:]*[=:]/.test(line);
    if (inKey || /^\[[^\]]+\]\s*(?:[#;].*)?$/.test(line)) continue;
    const message = 'neither a [section], a key = value, nor a comment';
    return { line: index + 1, column: line.length - line.trimStart().length + 1, message };
  }
  return undefined;
}
