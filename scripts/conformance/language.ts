import type { Case, EnvironmentOptions, Tagged } from './case.ts';
import { ANSIBLE, ANSIBLE_FEATURES, ANSIBLE_LIBRARY } from './grammar/ansible.ts';
import { ANSIBLE_VALUES } from './grammar/ansible-values.ts';
import { Deriver } from './grammar/derive.ts';
import { ENVIRONMENTS, EXPRESSION_FEATURES, JINJA, LIBRARY } from './grammar/jinja.ts';
import { VALUES } from './grammar/values.ts';
import type { Random } from './random.ts';

/** A production that cases are made for. */
export interface Feature {
  readonly symbol: string;
  readonly production: string;
}

/** How a case runs, and the symbol of the grammar that it starts from. */
export interface Shape {
  readonly entry: Case['entry'];
  readonly env: EnvironmentOptions;
  /** Undefined where the feature stands alone. */
  readonly top: string | undefined;
}

/** A language to generate cases of. */
export interface Language {
  readonly deriver: Deriver;
  readonly features: readonly Feature[];
  readonly values: Readonly<Record<string, Tagged>>;
  readonly library: Readonly<Record<string, string>>;
  /** How a case of a feature runs. */
  readonly shapeOf: (feature: Feature, random: Random) => Shape;
}

/** The symbol of a template around a feature that is no expression. */
const PROGRAMS: Readonly<Record<string, string>> = {
  statement: 'program',
  mistake: 'wrong',
  text: 'program',
};

function featuresOf(deriver: Deriver, symbols: readonly string[]): Feature[] {
  return symbols.flatMap((symbol) =>
    deriver.productions(symbol).map((production) => ({ symbol, production })),
  );
}

const jinjaDeriver = new Deriver(JINJA);
const ansibleDeriver = new Deriver(ANSIBLE);

export const LANGUAGES: Readonly<Record<'jinja' | 'ansible', Language>> = {
  jinja: {
    deriver: jinjaDeriver,
    features: featuresOf(jinjaDeriver, [...EXPRESSION_FEATURES, 'statement', 'mistake', 'text']),
    values: VALUES,
    library: LIBRARY,
    shapeOf(feature, random) {
      const top = PROGRAMS[feature.symbol];
      const entry =
        top !== undefined || !random.oneIn(12) ? 'render' : random.pick(['expression', 'native'] as const);
      return {
        entry,
        env: random.pick(ENVIRONMENTS),
        top: entry === 'expression' ? undefined : (top ?? 'shown'),
      };
    },
  },
  ansible: {
    deriver: ansibleDeriver,
    features: [
      ...featuresOf(ansibleDeriver, [...ANSIBLE_FEATURES, ...ANSIBLE_FEATURES]),
      ...featuresOf(ansibleDeriver, EXPRESSION_FEATURES),
    ],
    values: { ...VALUES, ...ANSIBLE_VALUES },
    library: { ...LIBRARY, ...ANSIBLE_LIBRARY },
    shapeOf(_feature, random) {
      return random.below(5) < 3
        ? { entry: 'var', env: {}, top: 'shownvar' }
        : { entry: 'file', env: {}, top: 'shownfile' };
    },
  },
};
