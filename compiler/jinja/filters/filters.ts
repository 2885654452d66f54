import { Undefined } from '../runtime/undefined.ts';
import { flag } from '../values/arguments.ts';
import { functionTable, type PyFunction, pyFunction } from '../values/function.ts';
import { truth } from '../values/inspect.ts';
import type { Value } from '../values/value.ts';
import { HTML_FILTERS } from './html.ts';
import { NUMBER_FILTERS } from './numbers.ts';
import { SELECT_FILTERS } from './select.ts';
import { SEQUENCE_FILTERS } from './sequences.ts';
import { STRING_FILTERS } from './strings.ts';

const fallback = pyFunction(
  'value default_value? boolean?',
  (value: Value, otherwise: Value = '', boolean?: Value) => {
    return value instanceof Undefined || (flag(boolean) && !truth(value)) ? otherwise : value;
  },
);

/** Jinja's filters. */
export const FILTERS: ReadonlyMap<string, PyFunction> = functionTable({
  ...HTML_FILTERS,
  ...NUMBER_FILTERS,
  ...SELECT_FILTERS,
  ...SEQUENCE_FILTERS,
  ...STRING_FILTERS,
  d: fallback,
  default: fallback,
  e: STRING_FILTERS.escape,
});
