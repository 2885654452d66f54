import type { Case } from './case.ts';
import { completeCase, type Generated, MUTATED, toCase } from './generate.ts';
import { smaller } from './grammar/derive.ts';
import type { Language } from './language.ts';

/** Whether a case still shows the difference that is looked for. */
export type Shows = (test: Case) => Promise<boolean>;

/** Cases that may be tried to make one smaller. */
const TRIES = 400;

/** The smallest case found that still shows the difference: fewer parts of the grammar, then options, then characters. */
export async function shrink(language: Language, generated: Generated, shows: Shows): Promise<Case> {
  const search: Search = { language, shows, left: TRIES };
  let best = generated.test;
  if (best.feature !== MUTATED) best = await shrinkDerivation(generated, search);
  best = await shrinkOptions(best, search);
  return Object.keys(best.env).some((name) => name.endsWith('_string')) ? best : shrinkText(best, search);
}

interface Search {
  readonly language: Language;
  readonly shows: Shows;
  left: number;
}

async function stillShows(test: Case, search: Search): Promise<boolean> {
  return search.left-- > 0 && (await search.shows(test));
}

async function shrinkDerivation(generated: Generated, search: Search): Promise<Case> {
  let { derivation, test } = generated;
  for (let found = true; found && search.left > 0; ) {
    found = false;
    for (const candidate of smaller(derivation, search.language.deriver)) {
      const next = toCase(search.language, candidate, test);
      if (!(await stillShows(next, search))) continue;
      [derivation, test, found] = [candidate, next, true];
      break;
    }
  }
  return test;
}

async function shrinkOptions(test: Case, search: Search): Promise<Case> {
  let best = test;
  for (const name of Object.keys(test.env)) {
    if (name.endsWith('_string')) continue;
    const { [name]: _dropped, ...env } = best.env;
    const next = { ...best, env };
    if (await stillShows(next, search)) best = next;
  }
  return best;
}

async function shrinkText(test: Case, search: Search): Promise<Case> {
  let best = test;
  for (let size = Math.ceil(best.source.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < best.source.length && search.left > 0; ) {
      const source = best.source.slice(0, at) + best.source.slice(at + size);
      const next = completeCase(search.language, source, best);
      if (await stillShows(next, search)) best = next;
      else at += size;
    }
  }
  return best;
}
