import type { Keywords, Value } from '../../jinja/jinja.ts';

/** What a lookup is asked. */
export interface LookupCall {
  /** Its terms, templated. */
  readonly terms: readonly Value[];
  /** Its options by name. */
  readonly options: Keywords;
}

/** A lookup gives a list of values; its errors are thrown. */
export type Lookup = (call: LookupCall) => Value[];
