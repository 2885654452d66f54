import {
  asText,
  type PyFunction,
  pyFunction,
  typeName,
  UnsupportedError,
  type Value,
} from '../../jinja/jinja.ts';
import { globTexts } from '../lookups/find-text.ts';
import { UnsafeText } from '../values/unsafe-text.ts';
import { charged } from './charged.ts';
import { DATA_FILTERS } from './data-filters.ts';
import { DATE_FILTERS } from './date-filters.ts';
import { MATH_FILTERS } from './math-filters.ts';
import { PATH_FILTERS } from './path-filters.ts';
import { SERIALIZE_FILTERS } from './serialize-filters.ts';
import { TEXT_FILTERS } from './text-filters.ts';
import { URL_FILTERS } from './url-filters.ts';

function refused(why: string): PyFunction {
  return pyFunction('*args **kw', () => {
    throw new UnsupportedError(why);
  });
}

const OTHER_FILTERS: Record<string, PyFunction> = {
  type_debug: pyFunction('o', (value: Value) =>
    value instanceof UnsafeText ? value.typeName : typeName(value),
  ),
  fileglob: pyFunction('pathname', (pattern: Value) => globTexts(asText(pattern) ?? '')),
  password_hash: refused(
    'password_hash would put the hash of a password into a file in clear; keep the hash in a variable instead',
  ),
  vault: refused('vault encrypts with another salt in every run; keep the encrypted text in a variable'),
  unvault: refused('unvault needs a vault password, and nothing is decrypted here'),
};

const BUILTIN: Record<string, PyFunction> = {
  ...DATA_FILTERS,
  ...DATE_FILTERS,
  ...MATH_FILTERS,
  ...PATH_FILTERS,
  ...SERIALIZE_FILTERS,
  ...TEXT_FILTERS,
  ...URL_FILTERS,
  ...OTHER_FILTERS,
};

/** The filters of ansible.builtin of ansible-core 2.18, by their short and their full names. */
export const FILTERS: Readonly<Record<string, PyFunction>> = Object.fromEntries(
  Object.entries(BUILTIN).flatMap(([name, counting]) => {
    const filter = charged(counting);
    return [
      [name, filter],
      [`ansible.builtin.${name}`, filter],
      [`ansible.legacy.${name}`, filter],
    ];
  }),
);
