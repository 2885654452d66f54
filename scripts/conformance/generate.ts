import type { Case, EnvironmentOptions } from './case.ts';
import { type Derivation, Deriver, textOf } from './grammar/derive.ts';
import { ENVIRONMENTS, EXPRESSION_FEATURES, JINJA, LIBRARY } from './grammar/jinja.ts';
import { VALUES } from './grammar/values.ts';
import { Random } from './random.ts';

/** A case and how it came about, so that it can be made smaller. */
export interface Generated {
  readonly test: Case;
  readonly derivation: Derivation;
}

/** What of a case does not come from the grammar. */
export type Frame = Pick<Case, 'id' | 'feature' | 'entry' | 'env'>;

/** Derives from Jinja's grammar. */
export const jinjaDeriver = new Deriver(JINJA);

const DEPTH = 4;

interface Feature {
  readonly symbol: string;
  readonly production: string;
}

const FEATURES: readonly Feature[] = [...EXPRESSION_FEATURES, 'statement', 'mistake', 'text'].flatMap(
  (symbol) => jinjaDeriver.productions(symbol).map((production) => ({ symbol, production })),
);

/** The symbol of a template around a feature that is no expression. */
const PROGRAMS: Readonly<Record<string, string>> = {
  statement: 'program',
  mistake: 'wrong',
  text: 'program',
};

/** `count` cases for Jinja; each line of the tables of features has its turn, the rest is chance by the seed. */
export function* generateJinja(count: number, seed: number): Iterable<Generated> {
  const random = new Random(seed);
  for (let id = 0; id < count; id++) yield generateOne(id, FEATURES[id % FEATURES.length]!, random);
}

function generateOne(id: number, feature: Feature, random: Random): Generated {
  const program = PROGRAMS[feature.symbol];
  const entry = program || !random.oneIn(12) ? 'render' : random.pick(['expression', 'native'] as const);
  const depth = 1 + random.below(DEPTH);
  const focus = jinjaDeriver.deriveFrom(feature.symbol, feature.production, { depth, random });
  const top = entry === 'expression' ? focus : jinjaDeriver.derive(program ?? 'shown', depth, random);
  const derivation = put(focus, program ? feature.symbol : 'focus', top);
  const frame: Frame = {
    id,
    feature: `${feature.symbol}: ${feature.production}`,
    entry,
    env: random.pick(ENVIRONMENTS),
  };
  const test = toCase(derivation, frame);
  if (entry === 'render' && random.oneIn(16)) {
    return { derivation, test: { ...test, feature: 'mutated', source: mutate(test.source, random) } };
  }
  return { derivation, test };
}

/** The derivation with `focus` in the first place of the symbol. */
function put(focus: Derivation, symbol: string, into: Derivation): Derivation {
  let done = false;
  const walk = (node: Derivation): Derivation => {
    if (done) return node;
    if (node.symbol === symbol) {
      done = symbol !== 'focus';
      return focus;
    }
    return { ...node, parts: node.parts.map((part) => (typeof part === 'string' ? part : walk(part))) };
  };
  return walk(into);
}

/** The case that a derivation stands for. */
export function toCase(derivation: Derivation, frame: Frame): Case {
  return completeCase(textOf(derivation), frame);
}

/** A case of a source written with the usual delimiters: with the variables and templates that it names. */
export function completeCase(source: string, frame: Frame): Case {
  const templates: Record<string, string> = {};
  const addTemplates = (text: string): void => {
    for (const [name, library] of Object.entries(LIBRARY)) {
      if (name in templates || !text.includes(`"${name}"`)) continue;
      templates[name] = withDelimiters(library, frame.env);
      addTemplates(library);
    }
  };
  addTemplates(source);
  const names = new Set(source.match(/[A-Za-z_]\w*/gu));
  const context = Object.fromEntries(
    Object.entries(VALUES).filter(([name]) => name !== 'none' && names.has(name)),
  );
  return { ...frame, source: withDelimiters(source, frame.env), context, templates };
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

const TOKENS = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '-%}',
  '{%-',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '|',
  '.',
  ',',
  ':',
  '~',
  '=',
  '==',
  '!',
  '!=',
  '<',
  '**',
  '//',
  '%',
  '&',
  '@',
  '`',
  '$',
  ';',
  '\\',
  '\n',
  ' ',
  '0',
  '1e',
  '.5',
  'if',
  'else',
  'in',
  'is',
  'not',
  'and',
  'for',
  'endfor',
  'endif',
  'set',
  'block',
  'none',
  'é',
  '😀',
  '\0',
  '\u2028',
  '*',
  '**',
];

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
