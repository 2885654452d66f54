import { Refused } from './refused.ts';

/** How the error begins of who uses `vars`. */
export const NO_VARS = "'vars', all variables as they are written, is not supported";

/** The mapping `vars`. */
export const ALL_VARS = new Refused(
  `${NO_VARS}: write the variable's name, or lookup('vars', name) where the name is computed`,
);
