import { createHash } from 'node:crypto';
import type { RenderedFile } from '../3-render/rendered-file.ts';
import { effectOf } from './effect/effect.ts';
import { checkFormat, type MalformedText } from './format/check-format.ts';

/** A text as it goes into a bundle, or why it may not. */
export interface SealedText {
  readonly bytes: Uint8Array;
  /** Of the bytes, hex. */
  readonly sha256: string;
  /** The digest of its meaning; empty where it is malformed. */
  readonly effect: string;
  readonly problem: MalformedText | undefined;
}

export type SealText = (file: Pick<RenderedFile, 'format' | 'text'>) => SealedText;

/** A function that seals texts, each distinct one once: most files are alike on many hosts. */
export function textSealer(): SealText {
  const known = new Map<string, Map<string, SealedText>>();
  return ({ format, text }) => {
    let texts = known.get(format);
    if (!texts) {
      texts = new Map();
      known.set(format, texts);
    }
    let sealed = texts.get(text);
    if (!sealed) {
      sealed = sealText(text, format);
      texts.set(text, sealed);
    }
    return sealed;
  };
}

function sealText(text: string, format: RenderedFile['format']): SealedText {
  const bytes = Buffer.from(text, 'utf8');
  const problem = checkFormat(text, format);
  return {
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    effect: problem ? '' : effectOf(text, format),
    problem,
  };
}
