import { asText, made, PyFunction, steps, type Value } from '../../jinja/jinja.ts';
import { Bytes } from '../values/bytes.ts';

/** Characters, or items, of an argument that cost one step. */
const PER_STEP = 16;

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Bytes) return value.data.length;
  return asText(value as Value)?.length ?? 0;
}

/**
 * The function with its work on the render's account, whatever the function itself counts: what it reads by the
 * length of its arguments, the text that it makes by its own.
 */
export function charged(fn: PyFunction): PyFunction {
  const copy = new PyFunction(fn.name, '', {
    passContext: fn.passContext,
    body: (...args) => {
      let size = 0;
      for (const arg of args) if (arg !== undefined && arg !== null) size += sizeOf(arg);
      steps(Math.floor(size / PER_STEP));
      const result = fn.body(...args);
      return typeof result === 'string' ? made(result) : result;
    },
  });
  return Object.assign(copy, { signature: fn.signature });
}
