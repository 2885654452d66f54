import type { Value } from '../../jinja/jinja.ts';
import { finalize } from './finalize.ts';

/**
 * What the template of a variable printed last. Whether its value stays a text depends on it, and a render gives its
 * text only. Rendering is synchronous, so one record serves all; who renders within a render saves and restores it.
 */
export const lastPrinted = {
  value: null as Value,
  finalize: (value: Value): Value => {
    const printed = finalize(value);
    lastPrinted.value = printed;
    return printed;
  },
};
