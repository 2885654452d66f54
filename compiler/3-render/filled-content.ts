import { type CutText, cutAtHoles, fillHoles, type HoleValues, holdsHole } from '../ansible/ansible.ts';
import type { ContentSeal, FileContent, FilledText, TextWithHoles } from './rendered-file.ts';

/** A text that was rendered once for many hosts. */
class MarkedText implements TextWithHoles {
  readonly marked: string;
  #cut: CutText | undefined;

  constructor(marked: string) {
    this.marked = marked;
  }

  readonly holdsHole = holdsHole;

  readonly cut = (text: string): CutText => {
    if (text !== this.marked) return cutAtHoles(text);
    this.#cut ??= cutAtHoles(text);
    return this.#cut;
  };
}

const known = new WeakMap<FileContent, MarkedText>();

/** The text of a file with holes, one object for all hosts; undefined where it has none. */
export function markedText(content: FileContent): MarkedText | undefined {
  const { text = '' } = content;
  if (!holdsHole(text)) return undefined;
  const marked = known.get(content) ?? new MarkedText(text);
  known.set(content, marked);
  return marked;
}

/** What a file becomes on a host whose names are put in the text; that is made when it is asked for. */
export class FilledContent implements FileContent, FilledText {
  readonly head: FileContent['head'];
  readonly secrets: FileContent['secrets'];
  readonly of: TextWithHoles;
  seal?: ContentSeal;
  readonly #values: HoleValues;

  constructor({ head, secrets }: FileContent, of: TextWithHoles, values: HoleValues) {
    this.head = head;
    this.secrets = secrets;
    this.of = of;
    this.#values = values;
  }

  get filled(): FilledText {
    return this;
  }

  get text(): string {
    return this.put(this.of.cut(this.of.marked));
  }

  put(text: CutText): string {
    return fillHoles(text, this.#values);
  }
}
