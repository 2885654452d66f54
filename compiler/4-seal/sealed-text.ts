import { hash } from 'node:crypto';
import type {
  ContentSeal,
  FileContent,
  FilledText,
  RenderedFile,
  TextWithHoles,
} from '../3-render/rendered-file.ts';
import { SECRET_MARKER } from '../contract/secret-marker.ts';
import { digestOf, effectOf, meaningOf } from './effect/effect.ts';
import { checkFormat, type MalformedText } from './format/check-format.ts';
import { holesAreTexts } from './format/text-holes.ts';
import { StaleSeal } from './stale-seal.ts';

/** A text as it goes into a bundle, or why it may not. */
export interface SealedText extends ContentSeal {
  /** Made when asked for. */
  readonly bytes: Uint8Array;
  readonly problem: MalformedText | undefined;
  /** It holds the marker of a secret, ours or a forged one. */
  readonly marked: boolean;
}

type Format = RenderedFile['format'];
type Text = Pick<RenderedFile, 'format' | 'text'>;
type ContentOfFormat = Pick<RenderedFile, 'format' | 'content'>;
export type SealText = (file: Text & { readonly content?: FileContent }) => SealedText;

/** What was sealed before, by what files have in common that were rendered once. */
const ofContent = new WeakMap<FileContent, SealedText>();

/**
 * A function that seals texts, each distinct one once: most files are alike on many hosts.
 * @param forBundles whether digests will be asked for; otherwise they are made when they are
 */
export function textSealer({ forBundles }: { forBundles: boolean }): SealText {
  const known = new Map<string, Map<string, SealedText>>();
  const byText = ({ format, text }: Text): SealedText => {
    let texts = known.get(format);
    if (!texts) {
      texts = new Map();
      known.set(format, texts);
    }
    let sealed = texts.get(text);
    if (!sealed) {
      sealed = sealText(text, format);
      // Its meaning costs least right after its check.
      if (forBundles) void sealed.effect;
      texts.set(text, sealed);
    }
    return sealed;
  };
  return (file) => {
    const { content } = file;
    if (!content) return byText(file);
    if (content.seal instanceof Sealed) return content.seal;
    let sealed = ofContent.get(content);
    if (!sealed) {
      sealed = content.seal
        ? resealed(content.seal, file)
        : (filledText({ content, format: file.format }, { forBundles }) ?? byText(file));
      if (!sealed.problem && !sealed.marked && content.secrets.length === 0) content.seal = sealed;
      if (content.seal !== sealed || !(sealed instanceof Sealed)) ofContent.set(content, sealed);
    }
    return sealed;
  };
}

function sealText(text: string, format: Format): SealedText {
  const problem = checkFormat(text, format);
  // Empty where the text is malformed.
  const effect = () => (problem ? '' : effectOf(text, format));
  return new Sealed({ text: () => text, effect, problem, marked: text.includes(SECRET_MARKER) });
}

/** How a text is sealed. */
interface Sealing extends Pick<SealedText, 'problem' | 'marked'> {
  readonly text: () => string;
  readonly effect: () => string;
}

class Sealed implements SealedText {
  blob?: string;
  readonly #sealing: Sealing;
  #bytes: Uint8Array | undefined;
  #sha256: string | undefined;
  #effect: string | undefined;

  constructor(sealing: Sealing) {
    this.#sealing = sealing;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(this.#sealing.text(), 'utf8');
    return this.#bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  get sha256(): string {
    this.#sha256 ??= sha256(this.bytes);
    return this.#sha256;
  }

  get effect(): string {
    this.#effect ??= this.#sealing.effect();
    return this.#effect;
  }

  get problem(): MalformedText | undefined {
    return this.#sealing.problem;
  }

  get marked(): boolean {
    return this.#sealing.marked;
  }
}

type CutText = ReturnType<TextWithHoles['cut']>;

/** A text with holes that is alike for all hosts, as sealing sees it, and what it means, cut at the holes. */
interface SealedHoles {
  readonly text: CutText;
  readonly meaning: () => CutText;
}

function sealedHoles(
  { marked, cut }: TextWithHoles,
  format: Format,
  { forBundles }: { forBundles: boolean },
): SealedHoles {
  let cutMeaning: CutText | undefined;
  const meaning = () => {
    cutMeaning ??= cut(meaningOf(marked, format));
    return cutMeaning;
  };
  if (forBundles) meaning();
  return { text: cut(marked), meaning };
}

/** Undefined where the texts of hosts are to be looked at one by one. */
const withHoles = new WeakMap<TextWithHoles, SealedHoles | false>();

/** Of a text that all hosts have alike but for their names. */
class FilledSealing implements Sealing {
  readonly problem = undefined;
  readonly marked = false;
  readonly #filled: FilledText;
  readonly #holes: SealedHoles;

  constructor(filled: FilledText, holes: SealedHoles) {
    this.#filled = filled;
    this.#holes = holes;
  }

  text(): string {
    return this.#filled.put(this.#holes.text);
  }

  effect(): string {
    return digestOf(this.#filled.put(this.#holes.meaning()));
  }
}

/** The text of one host of many, sealed by what is known of all of them. */
function filledText(
  { content, format }: ContentOfFormat,
  { forBundles }: { forBundles: boolean },
): SealedText | undefined {
  const { filled } = content;
  if (!filled) return undefined;
  const { of } = filled;
  let known = withHoles.get(of);
  if (known === undefined) {
    known = holesAreTexts(of, format) && sealedHoles(of, format, { forBundles });
    withHoles.set(of, known);
  }
  if (!known) return undefined;
  return new Sealed(new FilledSealing(filled, known));
}

/** What an earlier compile sealed; its text is rendered where its bytes are asked for. */
function resealed(seal: ContentSeal, file: Text): SealedText {
  let bytes: Uint8Array | undefined;
  return {
    ...seal,
    problem: undefined,
    marked: false,
    get bytes() {
      if (!bytes) {
        bytes = Buffer.from(file.text, 'utf8');
        if (sha256(bytes) !== seal.sha256) throw new StaleSeal();
      }
      return bytes;
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
