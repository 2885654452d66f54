import { textOf } from '../../conformance/grammar/derive.ts';
import type { Random } from '../../conformance/random.ts';
import { optional, type Piece } from './draft.ts';
import { VARIABLES } from './names.ts';
import { VALUES } from './values.ts';

/** How much of a value is made of other values. */
const DEPTH = 4;

/** Draws until a value names no variable that may name its own. */
const TRIES = 8;

/** The variables of one workspace, which are set anew in every layer. */
export class Layers {
  readonly #random: Random;
  /** A value names variables that come before its own, for loops are errors. */
  readonly #order: readonly string[];

  constructor(random: Random) {
    this.#random = random;
    const left = [...VARIABLES.keys()];
    this.#order = Array.from(VARIABLES, () => left.splice(random.below(left.length), 1)[0]!);
  }

  /** A file of variables that sets about `share` of ten of them. */
  file(share: number): Piece[] {
    const texts = this.#chosen(share * 4, '');
    const pieces = (this.#random.oneIn(3) ? withAlias(texts, this.#random) : texts).map((text) =>
      optional(text),
    );
    return this.#random.oneIn(4) ? [optional('# what is set here'), ...pieces] : pieces;
  }

  /** Lines of variables in an inventory in YAML, about `share` of forty. */
  yaml(share: number, indent: string): string[] {
    return this.#chosen(share, '').flatMap((text) => text.split('\n').map((line) => indent + line));
  }

  /** `name=value`, for lines of an INI inventory or behind a host; about `share` of forty. */
  ini(share: number): string[] {
    return this.#chosen(share, 'ini');
  }

  #chosen(share: number, form: '' | 'ini'): string[] {
    return [...VARIABLES].flatMap(([name, symbol]) => {
      if (this.#random.below(40) >= share) return [];
      const value = this.#value(name, form + symbol);
      return [form === 'ini' ? `${name}=${value}` : `${name}: ${value}`.replaceAll(': \n', ':\n')];
    });
  }

  #value(name: string, symbol: string): string {
    const draw = () => textOf(VALUES.derive(symbol, DEPTH, this.#random));
    const later = this.#order.slice(this.#order.indexOf(name));
    const looping = new RegExp(`\\{[{%].*\\b(?:${later.join('|')})\\b`, 's');
    let text = draw();
    if (this.#random.oneIn(12)) return text;
    for (let tries = 0; tries < TRIES && looping.test(text); tries++) text = draw();
    return text;
  }
}

/** The settings with an anchor in the first mapping or list, and one more that names it. */
function withAlias(texts: readonly string[], random: Random): readonly string[] {
  const at = texts.findIndex((text) => /^[lm]\d:(?: [{[]|\n)/.test(text));
  if (at < 0) return texts;
  const anchored = texts[at]!.replace(':', ': &shared');
  const isMapping = anchored.startsWith('m');
  const merged = `u1:\n  <<: *shared\n  y: ${random.pick(['1', '"{{ n1 }}"'])}`;
  return [...texts.with(at, anchored), isMapping && random.oneIn(2) ? merged : 'u2: *shared'];
}
