import { str, TrackedDict, untold, type Value } from '../../jinja/jinja.ts';
import { finalize } from './finalize.ts';

/**
 * What the template of a variable printed last. Whether its value stays a text depends on it, and a render gives its
 * text only. Rendering is synchronous, so one record serves all; who renders within a render saves and restores it.
 */
export const lastPrinted = {
  value: null as Value,
  /** Mappings that were printed and that nobody was told of: who reads the text back knows what is read of them. */
  unread: [] as TrackedDict[],
  finalize: (value: Value): Value => {
    if (value instanceof TrackedDict) {
      lastPrinted.unread.push(value);
      lastPrinted.value = value;
      return untold(() => str(finalize(value)));
    }
    const printed = finalize(value);
    lastPrinted.value = printed;
    return printed;
  },
};
