import { willHold } from './limits.ts';
import { Cycler, Joiner, Namespace, refused } from './runtime/namespace.ts';
import { Dict } from './values/dict.ts';
import { updateDict } from './values/dict-methods.ts';
import { functionTable, PyFunction, pyFunction } from './values/function.ts';
import { toArray } from './values/inspect.ts';
import { makeRange } from './values/range.ts';
import type { Value } from './values/value.ts';

/** `dict`: makes dicts, and has the one method of its class that needs no dict. */
class DictType extends PyFunction {
  constructor() {
    const body = (source: Value | undefined, keywords: Map<string, Value>) =>
      updateDict(new Dict(), source, keywords);
    super('dict', 'source? / **kwargs', { body, passContext: false });
  }

  override pyGetAttribute(name: string): Value | undefined {
    if (name !== 'fromkeys') return undefined;
    return pyFunction('iterable value? /', (keys: Value, value: Value = null) => {
      return new Dict(toArray(keys).map((key) => [key, value] as const));
    }).named(name);
  }
}

/** Jinja's global functions. */
export const GLOBALS: ReadonlyMap<string, PyFunction> = new Map([
  ['dict', new DictType()],
  ...functionTable({
    range: pyFunction('*args', (args: Value[]) => {
      const range = makeRange(args);
      willHold(range.length > 1_000 ? range.length : 0);
      return range;
    }),
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
  }),
]);
