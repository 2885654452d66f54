import type { Case } from './case.ts';
import { completeCase, type Generated, jinjaDeriver, toCase } from './generate.ts';
import { smaller } from './grammar/derive.ts';

/** Whether a case still shows the difference that is looked for. */
export type Shows = (test: Case) => Promise<boolean>;

/** Cases that may be tried to make one smaller. */
const TRIES = 400;

/** The smallest case found that still shows the difference: fewer parts of the grammar, then options, then characters. */
export async function shrink(generated: Generated, shows: Shows): Promise<Case> {
  const budget = { left: TRIES };
  let best = generated.test;
  if (best.feature !== 'mutated') best = await shrinkDerivation(generated, shows, budget);
  best = await shrinkOptions(best, shows, budget);
  return Object.keys(best.env).some((name) => name.endsWith('_string'))
    ? best
    : shrinkText(best, shows, budget);
}

interface Budget {
  left: number;
}

async function tries(test: Case, shows: Shows, budget: Budget): Promise<boolean> {
  return budget.left-- > 0 && (await shows(test));
}

async function shrinkDerivation(generated: Generated, shows: Shows, budget: Budget): Promise<Case> {
  let { derivation, test } = generated;
  for (let found = true; found && budget.left > 0; ) {
    found = false;
    for (const candidate of smaller(derivation, jinjaDeriver)) {
      const next = toCase(candidate, test);
      if (!(await tries(next, shows, budget))) continue;
      [derivation, test, found] = [candidate, next, true];
      break;
    }
  }
  return test;
}

async function shrinkOptions(test: Case, shows: Shows, budget: Budget): Promise<Case> {
  let best = test;
  for (const name of Object.keys(test.env)) {
    if (name.endsWith('_string')) continue;
    const { [name]: _dropped, ...env } = best.env;
    const next = { ...best, env };
    if (await tries(next, shows, budget)) best = next;
  }
  return best;
}

async function shrinkText(test: Case, shows: Shows, budget: Budget): Promise<Case> {
  let best = test;
  for (let size = Math.ceil(best.source.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < best.source.length && budget.left > 0; ) {
      const source = best.source.slice(0, at) + best.source.slice(at + size);
      const next = completeCase(source, best);
      if (await tries(next, shows, budget)) best = next;
      else at += size;
    }
  }
  return best;
}
