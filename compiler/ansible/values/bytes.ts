import { PyObject, type Value } from '../../jinja/values/value.ts';

/** Python's bytes, which `!!binary` gives. */
export class Bytes extends PyObject {
  readonly typeName = 'bytes';
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    super();
    this.data = data;
  }

  /** `b'a\\x00'` */
  override pyRepr(): string {
    const latin1 = Buffer.from(this.data).toString('latin1');
    const quote = latin1.includes("'") && !latin1.includes('"') ? '"' : "'";
    const body = latin1.replace(/[\\'"\x00-\x1f\x7f-\xff]/g, (char) => escapeByte(char, quote));
    return `b${quote}${body}${quote}`;
  }

  override pyLength(): number {
    return this.data.length;
  }

  override pyIterate(): Iterable<Value> {
    return this.data;
  }

  override pyEquals(other: Value): boolean {
    return other instanceof Bytes && Buffer.compare(this.data, other.data) === 0;
  }

  override pyHash(): unknown {
    return `bytes:${this.pyRepr()}`;
  }
}

function escapeByte(char: string, quote: string): string {
  if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
  if (char === '\\') return '\\\\';
  if (char === '\t') return '\\t';
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
