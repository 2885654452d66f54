import type { Outcome, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { linesOf } from '../diagnostics/line-ends.ts';

/** The bytes that one file of a workspace may have: 8 MiB. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/**
 * The text of a file; undefined, and a diagnostic, where it is too large, holds a NUL byte or is not UTF-8. A byte
 * order mark stays in the text.
 */
export function decodeText(file: string, bytes: Uint8Array): Outcome<string | undefined> {
  if (bytes.length > MAX_FILE_BYTES) {
    const place: Place = { file, line: 1, column: 1 };
    const message = `the file has ${bytes.length} bytes, more than ${MAX_FILE_BYTES}`;
    return { value: undefined, diagnostics: [diagnose('load/unreadable-file', { place, message })] };
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) return notText(placeOfByte(file, bytes, nul), 'the file holds a NUL byte');
  try {
    return { value: STRICT.decode(bytes), diagnostics: [] };
  } catch {
    return notText(placeOfByte(file, bytes, firstBadByte(bytes)), 'the file is not UTF-8');
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function notText(place: Place, message: string): Outcome<undefined> {
  return { value: undefined, diagnostics: [diagnose('load/not-text', { place, message })] };
}

function placeOfByte(file: string, bytes: Uint8Array, index: number): Place {
  // As a part of a stream, the beginning of a sequence is not yet decoded: the place is where it begins.
  const stream = new TextDecoder('utf-8', { ignoreBOM: true });
  const before = stream.decode(bytes.subarray(0, index), { stream: true });
  const lines = linesOf(before);
  return { file, line: lines.length, column: lines.at(-1)!.length + 1 };
}

// The longest prefix that decodes ends where the first wrong sequence begins.
function firstBadByte(bytes: Uint8Array): number {
  let valid = 0;
  let wrong = bytes.length;
  while (wrong - valid > 1) {
    const middle = (valid + wrong) >> 1;
    if (decodesUpTo(bytes, middle)) valid = middle;
    else wrong = middle;
  }
  return valid;
}

/** Whether the first `end` bytes are UTF-8, but for a sequence that is cut off at the end. */
function decodesUpTo(bytes: Uint8Array, end: number): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
    return true;
  } catch {
    return false;
  }
}
