import type { Format } from '../1-load/component.ts';
import type { CutText } from '../ansible/ansible.ts';
import type { Place } from '../contract/diagnostic.ts';
import type { SecretEntry } from '../contract/manifest.ts';

/** A secret in a rendered text. */
export interface RenderedSecret {
  /** Where its marker begins, in UTF-16 code units. */
  readonly offset: number;
  readonly secret: Unescaped<SecretEntry>;
}

type Unescaped<T> = T extends unknown ? Omit<T, 'escape'> : never;

/** What sealing found of a text that is well-formed and has no secret in it. */
export interface ContentSeal {
  /** Of its bytes, hex. */
  readonly sha256: string;
  /** The digest of its meaning. */
  readonly effect: string;
  /** Bytes. */
  readonly size: number;
  /** The id of its blob in git, where somebody asked for it. */
  blob?: string;
}

/** A text with holes, rendered once for many hosts; one object for all of them. */
export interface TextWithHoles {
  /** With a mark in each hole: a word of lower-case letters and digits, as long as names may be. */
  readonly marked: string;
  /** Cuts this text, or one made of it, at its holes. */
  readonly cut: (text: string) => CutText;
  readonly holdsHole: (text: string) => boolean;
}

/** A text with holes, and how the names of one host are put in. */
export interface FilledText {
  readonly of: TextWithHoles;
  readonly put: (text: CutText) => string;
}

/** What a file of a component becomes on hosts that it reads the same of. */
export interface FileContent {
  readonly head: Pick<RenderedFile, 'path' | 'owner' | 'group' | 'mode'>;
  /** Undefined where it was rendered by an earlier compile, and is known by its seal; then whoever needs it renders again. */
  text: string | undefined;
  readonly secrets: readonly RenderedSecret[];
  seal?: ContentSeal;
  /** Where the text is that of many hosts but for their names. */
  readonly filled?: FilledText;
}

/** A file of a host: its bytes, and what component.yml says of it. */
export interface RenderedFile {
  readonly host: string;
  /** `<type>/<cluster>` of the host. */
  readonly cluster: string;
  readonly component: string;
  /** The template's path from the root of the workspace. */
  readonly template: string;
  /** Absolute, on the host. */
  readonly path: string;
  /** Where component.yml says its path. */
  readonly pathPlace: Place;
  /** With the marker `{{khp:secret:N}}` for each secret, numbered by first appearance in this file. */
  readonly text: string;
  /** Where the markers stand, in order, and what for. */
  readonly secrets: readonly RenderedSecret[];
  /** One object for all hosts for which it was rendered once. */
  readonly content: FileContent;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly format: Format;
  readonly restart: readonly string[];
  readonly reload: readonly string[];
}
