import { reprFloat } from '../../jinja/values/float-text.ts';
import { PyObject, type Value } from '../../jinja/values/value.ts';

/** Python's `...`, which an unquoted value of an INI inventory may turn into. */
export class PyEllipsis extends PyObject {
  readonly typeName = 'ellipsis';

  override pyRepr(): string {
    return 'Ellipsis';
  }

  override pyEquals(other: Value): boolean {
    return other instanceof PyEllipsis;
  }

  override pyHash(): unknown {
    return 'Ellipsis';
  }
}

/** A complex number, which an unquoted `10j` of an INI inventory turns into; it can be printed and compared only. */
export class PyComplex extends PyObject {
  readonly typeName = 'complex';
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number) {
    super();
    this.real = real;
    this.imaginary = imaginary;
  }

  override pyTruth(): boolean {
    return this.real !== 0 || this.imaginary !== 0;
  }

  override pyRepr(): string {
    const imaginary = reprFloat(this.imaginary).replace(/\.0$/, '');
    if (Object.is(this.real, 0)) return `${imaginary}j`;
    const sign = imaginary.startsWith('-') ? '' : '+';
    return `(${reprFloat(this.real).replace(/\.0$/, '')}${sign}${imaginary}j)`;
  }

  override pyEquals(other: Value): boolean {
    return other instanceof PyComplex && other.pyRepr() === this.pyRepr();
  }

  override pyHash(): unknown {
    return `complex:${this.pyRepr()}`;
  }
}
