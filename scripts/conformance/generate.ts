import type { Case, EnvironmentOptions, Tagged } from './case.ts';
import { type Derivation, textOf } from './grammar/derive.ts';
import type { Language } from './language.ts';
import { Random } from './random.ts';

/** A case and how it came about, so that it can be made smaller. */
export interface Generated {
  readonly test: Case;
  readonly derivation: Derivation;
}

/** What of a case does not come from the grammar. */
export type Frame = Pick<Case, 'id' | 'feature' | 'entry' | 'env'>;

const DEPTH = 4;

/** `count` cases; each line of the tables of features has its turn, the rest is chance by the seed. */
export function generate(language: Language, count: number, seed: number): Generated[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, id) => generateOne(language, id, random));
}

function generateOne(language: Language, id: number, random: Random): Generated {
  const feature = language.features[id % language.features.length]!;
  const depth = 1 + random.below(DEPTH);
  const { entry, env, top } = language.shapeOf(feature, random);
  const focus = language.deriver.deriveFrom(feature.symbol, feature.production, { depth, random });
  const around = top === undefined ? focus : language.deriver.derive(top, depth, random);
  const derivation = put(focus, around);
  const frame: Frame = { id, feature: `${feature.symbol}: ${feature.production}`, entry, env };
  const test = toCase(language, derivation, frame);
  if (entry === 'expression' || entry === 'native' || !random.oneIn(16)) return { derivation, test };
  const mutated = completeCase(language, mutate(textOf(derivation), random), { ...frame, feature: MUTATED });
  return { derivation, test: mutated };
}

/** The feature of cases that were changed at random after they were derived. */
export const MUTATED = 'mutated';

/** The derivation with `focus` wherever it has the symbol `focus`, else in the first place of the symbol of `focus`. */
function put(focus: Derivation, into: Derivation): Derivation {
  let done = false;
  const walk = (node: Derivation): Derivation => {
    if (node.symbol === 'focus') return focus;
    if (!done && node.symbol === focus.symbol) {
      done = true;
      return focus;
    }
    return { ...node, parts: node.parts.map((part) => (typeof part === 'string' ? part : walk(part))) };
  };
  const isProgram = !hasSymbol(into, 'focus');
  done = !isProgram;
  return walk(into);
}

function hasSymbol(node: Derivation, symbol: string): boolean {
  return (
    node.symbol === symbol || node.parts.some((part) => typeof part !== 'string' && hasSymbol(part, symbol))
  );
}

/** The case that a derivation stands for. */
export function toCase(language: Language, derivation: Derivation, frame: Frame): Case {
  return completeCase(language, textOf(derivation), frame);
}

/** A case of a source written with the usual delimiters: with the variables and templates that it names. */
export function completeCase(language: Language, source: string, frame: Frame): Case {
  const templates: Record<string, string> = {};
  const addTemplates = (text: string): void => {
    for (const [name, library] of Object.entries(language.library)) {
      if (name in templates || !text.includes(`"${name}"`)) continue;
      templates[name] = withDelimiters(library, frame.env);
      addTemplates(library);
    }
  };
  addTemplates(source);
  const context = variablesOf([source, ...Object.values(templates)].join('\n'), language.values);
  return { ...frame, source: withDelimiters(source, frame.env), context, templates };
}

/** The variables that a text names, and those that their values name, in the order of `values`. */
function variablesOf(text: string, values: Readonly<Record<string, Tagged>>): Record<string, Tagged> {
  const names = new Set<string>();
  const addNames = (from: string): void => {
    for (const name of from.match(/[A-Za-z_]\w*/gu) ?? []) {
      if (names.has(name) || name === 'none' || !Object.hasOwn(values, name)) continue;
      names.add(name);
      addNames(JSON.stringify(values[name]));
    }
  };
  addNames(text);
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

const DELIMITERS: readonly (readonly [string, string])[] = [
  ['{%', 'block_start_string'],
  ['%}', 'block_end_string'],
  ['{{', 'variable_start_string'],
  ['}}', 'variable_end_string'],
  ['{#', 'comment_start_string'],
  ['#}', 'comment_end_string'],
];

function withDelimiters(source: string, env: EnvironmentOptions): string {
  const changes = DELIMITERS.flatMap(([usual, option]) =>
    typeof env[option] === 'string' ? [[usual, env[option]] as const] : [],
  );
  if (changes.length === 0) return source;
  const own = new Map(changes);
  return source.replace(/\{%|%\}|\{\{|\}\}|\{#|#\}/gu, (usual) => own.get(usual) ?? usual);
}

const TOKENS =
  '{{ }} {% %} {# #} -%} {%- ( ) [ ] { } " \' | . , : ~ = == ! != < ** // % & @ ` $ ; \\ \n 0 1e .5 if else in is not and for endfor endif set block none é 😀 \0 \u2028 *'.split(
    ' ',
  );

/** A source with one to three small mistakes. */
function mutate(source: string, random: Random): string {
  const characters = Array.from(source);
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(characters.length + 1);
    const kind = random.below(4);
    if (kind === 0) characters.splice(at, 1 + random.below(4));
    else if (kind === 1) characters.splice(at, 0, random.pick(TOKENS));
    else if (kind === 2) characters.splice(at, 1, random.pick(TOKENS));
    else characters.splice(at, 0, ...characters.slice(random.below(characters.length + 1), at).slice(0, 12));
  }
  return characters.join('');
}
