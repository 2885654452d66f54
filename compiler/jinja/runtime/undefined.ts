import { type JinjaError, UndefinedError } from '../errors.ts';
import { objectTypeRepr, repr } from '../values/inspect.ts';
import { asText } from '../values/numbers.ts';
import { reprText } from '../values/text.ts';
import { PyObject, type Value } from '../values/value.ts';

/** Where an undefined value comes from. */
export interface Origin {
  /** The whole message, where it isn't made of the rest. */
  readonly hint?: string | undefined;
  /** The object that lacks the item or attribute `name`; missing when a variable lacks. */
  readonly object?: Value | undefined;
  readonly name?: Value | undefined;
}

export type UndefinedClass = new (origin: Origin) => Undefined;

/** Jinja's default undefined: prints as nothing, is empty and false; everything else is an UndefinedError. */
export class Undefined extends PyObject {
  typeName = 'Undefined';
  override readonly typeModule: string = 'jinja2.runtime';
  readonly origin: Origin;

  constructor(origin: Origin) {
    super();
    this.origin = origin;
  }

  /** What is undefined, as the error says it. */
  get message(): string {
    const { hint, object, name } = this.origin;
    if (hint) return hint;
    if (object === undefined) return `${repr(name ?? null)} is undefined`;
    const text = name === undefined ? undefined : asText(name);
    if (text === undefined) return `${objectTypeRepr(object)} has no element ${repr(name ?? null)}`;
    return `${reprText(objectTypeRepr(object))} has no attribute ${reprText(text)}`;
  }

  /** The error of any use that isn't allowed; a subclass may make its own. */
  error(): JinjaError {
    return new UndefinedError(this.message);
  }

  fail(): never {
    throw this.error();
  }

  override pyStr(): string {
    return '';
  }

  override pyRepr(): string {
    return 'Undefined';
  }

  override pyTruth(): boolean {
    return false;
  }

  override pyLength(): number {
    return 0;
  }

  override pyIterate(): Iterable<Value> {
    return [];
  }

  override pyEquals(other: Value): boolean {
    return other instanceof PyObject && other.constructor === this.constructor;
  }

  override pyHash(): unknown {
    return this.constructor;
  }

  override pyCompare(_other: Value): number | undefined {
    return this.fail();
  }

  override pyOperate(_operator: string, _other: Value, _reversed: boolean): Value | undefined {
    return this.fail();
  }

  override pyGetAttribute(name: string): Value | undefined {
    return isDunder(name) ? undefined : this.fail();
  }

  override pyGetItem(_key: Value): Value | undefined {
    return this.fail();
  }

  override pyCall(): Value {
    return this.fail();
  }
}

function isDunder(name: string): boolean {
  return name.startsWith('__') && name.endsWith('__');
}

/** Attributes and items of it are it. */
export class ChainableUndefined extends Undefined {
  override typeName = 'ChainableUndefined';

  override pyHtml(): string {
    return this.pyStr();
  }

  override pyGetAttribute(name: string): Value | undefined {
    return isDunder(name) ? undefined : this;
  }

  override pyGetItem(_key: Value): Value | undefined {
    return this;
  }
}

/** Prints as the expression that it stands for. */
export class DebugUndefined extends Undefined {
  override typeName = 'DebugUndefined';

  override pyStr(): string {
    const { hint, object, name } = this.origin;
    if (hint) return `{{ undefined value printed: ${hint} }}`;
    if (object === undefined) return `{{ ${name === undefined ? 'None' : (asText(name) ?? repr(name))} }}`;
    return `{{ no such element: ${objectTypeRepr(object)}[${repr(name ?? null)}] }}`;
  }
}

/** Nothing is allowed but asking whether it is defined. */
export class StrictUndefined extends Undefined {
  override typeName = 'StrictUndefined';

  override pyStr(): string {
    return this.fail();
  }

  override pyTruth(): boolean {
    return this.fail();
  }

  override pyLength(): number {
    return this.fail();
  }

  override pyIterate(): Iterable<Value> {
    return this.fail();
  }

  override pyEquals(_other: Value): boolean {
    return this.fail();
  }

  override pyHash(): unknown {
    return this.fail();
  }

  override pyContains(_item: Value): boolean {
    return this.fail();
  }
}

export const UNDEFINED_CLASSES = {
  default: Undefined,
  chainable: ChainableUndefined,
  debug: DebugUndefined,
  strict: StrictUndefined,
} satisfies Record<string, UndefinedClass>;
