/** What one inventory may hold: far more than a fleet needs, and little enough to be computed at once. */
export const MAX_HOSTS = 20_000;
export const MAX_GROUPS = 5_000;
/** Variables set on hosts, those of a range counted once. */
export const MAX_SETTINGS = 200_000;
/** Values of one file of YAML, and of the variables of all INI sources together; each item and key is one. */
export const MAX_VALUES = 250_000;
export const MAX_MEMBERSHIPS = 2_000_000;
/** Hosts as they are declared, again and again. */
export const MAX_DECLARATIONS = 1_000_000;
export const TOO_MANY_MEMBERSHIPS = `the hosts of an inventory may be in at most ${MAX_MEMBERSHIPS} groups together, those above counted too`;
/** Steps in the search for cycles, and in counting memberships. */
export const MAX_STEPS = 5_000_000;
export const TOO_DEEP = 'the groups of the inventory are nested too deeply';
