import { willHold } from './limits.ts';
import { Cycler, Joiner, Namespace, refused } from './runtime/namespace.ts';
import { Dict } from './values/dict.ts';
import { updateDict } from './values/dict-methods.ts';
import { functionTable, type PyFunction, pyFunction } from './values/function.ts';
import { makeRange } from './values/range.ts';
import type { Value } from './values/value.ts';

/** Jinja's global functions. */
export const GLOBALS: ReadonlyMap<string, PyFunction> = functionTable({
  range: pyFunction('*args', (args: Value[]) => {
    const range = makeRange(args);
    willHold(range.length > 1_000 ? range.length : 0);
    return range;
  }),
  dict: pyFunction('source? / **kwargs', (source: Value | undefined, keywords: Map<string, Value>) =>
    updateDict(new Dict(), source, keywords),
  ),
  lipsum: pyFunction(
    '*args **kwargs',
    refused('lipsum() gives other words in every run; write the text into the template'),
  ),
  cycler: pyFunction('*items', (items: Value[]) => new Cycler(items)),
  joiner: pyFunction('sep?', (separator: Value = ', ') => new Joiner(separator)),
  namespace: pyFunction(
    'source? / **kwargs',
    (source: Value | undefined, keywords: Map<string, Value>) =>
      new Namespace(updateDict(new Dict(), source, keywords)),
  ),
});
