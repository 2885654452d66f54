import type { Random } from '../random.ts';

/**
 * A grammar: each symbol's productions, the simplest first. In a production `«name»` stands for a symbol, and a
 * leading `3×` for its weight (1 where not said).
 */
export type Grammar = Readonly<Record<string, readonly string[]>>;

/** A derivation: which production of the symbol was taken, and what its parts became. */
export interface Derivation {
  readonly symbol: string;
  readonly production: string;
  readonly parts: readonly (string | Derivation)[];
}

interface Production {
  readonly text: string;
  readonly weight: number;
  /** Texts and, at odd places, names of symbols. */
  readonly pieces: readonly string[];
}

/** A grammar made ready to derive from. */
export class Deriver {
  readonly #productions = new Map<string, readonly Production[]>();
  readonly #depths = new Map<string, number>();

  constructor(grammar: Grammar) {
    for (const [symbol, texts] of Object.entries(grammar)) this.#productions.set(symbol, texts.map(parse));
    this.#measure();
  }

  /** The texts of a symbol's productions, without weights. */
  productions(symbol: string): readonly string[] {
    return this.#of(symbol).map(({ text }) => text);
  }

  /** A random derivation of a symbol; below depth 0 it ends as soon as it can. */
  derive(symbol: string, depth: number, random: Random): Derivation {
    return this.#expand(symbol, this.#choose(symbol, depth, random), { depth, random });
  }

  /** A random derivation that starts with the given production. */
  deriveFrom(symbol: string, production: string, at: { depth: number; random: Random }): Derivation {
    const found = this.#of(symbol).find(({ text }) => text === production);
    if (!found) throw new Error(`no production ${production} of ${symbol}`);
    return this.#expand(symbol, found, at);
  }

  /** The simplest derivation of a symbol. */
  simplest(symbol: string): Derivation {
    const production = this.#shallowest(symbol);
    const parts = production.pieces.map((piece, index) => (index % 2 === 0 ? piece : this.simplest(piece)));
    return { symbol, production: production.text, parts };
  }

  #expand(symbol: string, production: Production, at: { depth: number; random: Random }): Derivation {
    const parts = production.pieces.map((piece, index) =>
      index % 2 === 0 ? piece : this.derive(piece, at.depth - 1, at.random),
    );
    return { symbol, production: production.text, parts };
  }

  #choose(symbol: string, depth: number, random: Random): Production {
    const all = this.#of(symbol);
    const possible =
      depth > 0 ? all : all.filter((production) => this.#depth(production) < this.#minimum(symbol) + 1);
    const total = possible.reduce((sum, { weight }) => sum + weight, 0);
    let left = random.below(total);
    for (const production of possible) {
      left -= production.weight;
      if (left < 0) return production;
    }
    throw new Error(`${symbol} has no production`);
  }

  #of(symbol: string): readonly Production[] {
    const productions = this.#productions.get(symbol);
    if (!productions) throw new Error(`the grammar has no ${symbol}`);
    return productions;
  }

  #minimum(symbol: string): number {
    return this.#depths.get(symbol) ?? Number.POSITIVE_INFINITY;
  }

  #depth(production: Production): number {
    return Math.max(
      0,
      ...production.pieces.map((piece, at) => (at % 2 === 0 ? 0 : 1 + this.#minimum(piece))),
    );
  }

  #shallowest(symbol: string): Production {
    return this.#of(symbol).find((production) => this.#depth(production) === this.#minimum(symbol))!;
  }

  #measure(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [symbol, productions] of this.#productions) {
        const depth = Math.min(...productions.map((production) => this.#depth(production)));
        if (depth < this.#minimum(symbol)) {
          this.#depths.set(symbol, depth);
          changed = true;
        }
      }
    }
    const endless = [...this.#productions.keys()].filter((symbol) => !this.#depths.has(symbol));
    if (endless.length > 0) throw new Error(`never ends: ${endless.join(', ')}`);
  }
}

function parse(line: string): Production {
  const [, weight, text] = /^(?:(\d+)×)?(.*)$/su.exec(line)!;
  return { text: text!, weight: Number(weight ?? 1), pieces: text!.split(/«([a-z0-9]+)»/iu) };
}

/** The text of a derivation. */
export function textOf(derivation: Derivation): string {
  return derivation.parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
}

/** All smaller derivations that differ from this one at one place, the smallest first. */
export function* smaller(derivation: Derivation, deriver: Deriver): Iterable<Derivation> {
  const simplest = deriver.simplest(derivation.symbol);
  const length = textOf(derivation).length;
  if (textOf(simplest).length < length) yield simplest;
  yield* [...within(derivation, derivation.symbol)].filter((candidate) => textOf(candidate).length < length);
  for (const [index, part] of derivation.parts.entries()) {
    if (typeof part === 'string') continue;
    for (const candidate of smaller(part, deriver)) {
      yield { ...derivation, parts: derivation.parts.with(index, candidate) };
    }
  }
}

/** The derivations of `symbol` below a derivation. */
function* within(derivation: Derivation, symbol: string): Iterable<Derivation> {
  for (const part of derivation.parts) {
    if (typeof part === 'string') continue;
    if (part.symbol === symbol) yield part;
    yield* within(part, symbol);
  }
}
