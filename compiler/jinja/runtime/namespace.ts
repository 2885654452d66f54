import { PythonError, typeError, UnsupportedError } from '../errors.ts';
import type { Dict } from '../values/dict.ts';
import { pyFunction } from '../values/function.ts';
import { repr } from '../values/inspect.ts';
import { Tuple } from '../values/tuple.ts';
import { type Keywords, PyObject, type Value } from '../values/value.ts';

/** `namespace()`: an object whose attributes a template can set from any scope. */
export class Namespace extends PyObject {
  readonly typeName = 'Namespace';
  override readonly typeModule = 'jinja2.utils';
  readonly attributes: Dict;

  constructor(attributes: Dict) {
    super();
    this.attributes = attributes;
  }

  override pyRepr(): string {
    return `<Namespace ${repr(this.attributes)}>`;
  }

  override pyGetAttribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }
}

/** `cycler(…)`: its items in turn. */
export class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  override readonly typeModule = 'jinja2.utils';
  readonly #items: readonly Value[];
  #position = 0;

  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0) throw new PythonError('RuntimeError', 'at least one item has to be provided');
    this.#items = items;
  }

  get #current(): Value {
    return this.#items[this.#position]!;
  }

  #next(): Value {
    const current = this.#current;
    this.#position = (this.#position + 1) % this.#items.length;
    return current;
  }

  override pyGetAttribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.#current;
      case 'pos':
        return this.#position;
      case 'items':
        return new Tuple(this.#items);
      case 'next':
        return pyFunction('', () => this.#next()).named('next');
      case 'reset':
        return pyFunction('', () => {
          this.#position = 0;
          return null;
        }).named('reset');
    }
    return undefined;
  }
}

/** `joiner(sep)`: nothing when called first, then the separator. */
export class Joiner extends PyObject {
  readonly typeName = 'Joiner';
  override readonly typeModule = 'jinja2.utils';
  readonly #separator: Value;
  #used = false;

  constructor(separator: Value) {
    super();
    this.#separator = separator;
  }

  override pyGetAttribute(name: string): Value | undefined {
    return name === 'sep' ? this.#separator : name === 'used' ? this.#used : undefined;
  }

  override pyCall(args: readonly Value[], keywords: Keywords | undefined): Value {
    if (args.length > 0 || keywords?.size) throw typeError('joiner() takes no arguments');
    const separator = this.#used ? this.#separator : '';
    this.#used = true;
    return separator;
  }
}

/** A function whose result differs from run to run: refused, with what to do instead. */
export function refused(message: string): () => never {
  return () => {
    throw new UnsupportedError(message);
  };
}
