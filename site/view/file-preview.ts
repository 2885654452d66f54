import type { FilePreview } from '../fleet.ts';
import { visible } from './visible.ts';

/** The most of one file that a page shows; what is longer is cut at the end of a line, or within a longer line. */
export const MOST_LINES = 1000;
export const MOST_CHARACTERS = 64 * 1024;

/**
 * A file's bytes as a page shows them: UTF-8 text, bounded, with the characters that a reader would not see, or that
 * would change the order of what is seen, made visible. Bytes that are not UTF-8, or hold a NUL, are binary.
 */
export function previewFile(bytes: Uint8Array): FilePreview {
  const text = decodeUtf8(bytes);
  if (text === undefined || text.includes('\0')) return { kind: 'binary' };
  const lines = splitLines(text);
  const shown = bound(lines);
  return {
    kind: 'text',
    text: visible(shown.join('\n')),
    lines: lines.length,
    shown: shown.length,
    whole: isWhole(lines, shown),
  };
}

function isWhole(lines: readonly string[], shown: readonly string[]): boolean {
  return lines.length === shown.length && lines[0] === shown[0];
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function bound(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines.slice(0, MOST_LINES)) {
    const room = MOST_CHARACTERS - characters;
    if (line.length > room) {
      if (shown.length === 0) shown.push(`${line.slice(0, room)} …`);
      break;
    }
    shown.push(line);
    characters += line.length + 1;
  }
  return shown;
}
