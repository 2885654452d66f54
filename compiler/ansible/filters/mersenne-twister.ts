import { createHash } from 'node:crypto';
import { willCompute } from '../../jinja/jinja.ts';
import { bitsOf } from '../../jinja/values/numbers.ts';

const SIZE = 624;

/** Python's random.Random(seed): the Mersenne Twister, seeded as Python does with an int or a text. */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #index = SIZE;

  constructor(seed: bigint | string) {
    let hex: string;
    if (typeof seed === 'string') {
      const bytes = Buffer.from(seed, 'utf8');
      const digest = createHash('sha512').update(bytes).digest();
      hex = Buffer.concat([bytes, digest]).toString('hex').replace(/^0+/, '');
    } else hex = (seed < 0n ? -seed : seed).toString(16);
    const key: number[] = [];
    for (let end = hex.length; end > 0; end -= 8) {
      key.push(Number.parseInt(hex.slice(Math.max(0, end - 8), end), 16));
    }
    this.#seed(key.length === 0 ? [0] : key);
  }

  #seed(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, mixed(state[i - 1]!)) + i;
    let i = 1;
    let j = 0;
    for (let count = Math.max(SIZE, key.length); count > 0; count--) {
      state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1664525)) + key[j]! + j;
      if (++i >= SIZE) {
        state[0] = state[SIZE - 1]!;
        i = 1;
      }
      if (++j >= key.length) j = 0;
    }
    for (let count = SIZE - 1; count > 0; count--) {
      state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1566083941)) - i;
      if (++i >= SIZE) {
        state[0] = state[SIZE - 1]!;
        i = 1;
      }
    }
    state[0] = 0x80000000;
  }

  #next(): number {
    if (this.#index >= SIZE) this.#twist();
    let y = this.#state[this.#index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + 397) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }

  #bits(count: number): bigint {
    let hex = '';
    for (let done = 0; done < count; done += 32) {
      const left = count - done;
      const word = left >= 32 ? this.#next() : this.#next() >>> (32 - left);
      hex = word.toString(16).padStart(8, '0') + hex;
    }
    return BigInt(`0x${hex}`);
  }

  /** A number from 0 to below `limit`, which is positive. */
  below(limit: bigint): bigint {
    const bits = bitsOf(limit);
    for (;;) {
      willCompute(8 * bits);
      const value = this.#bits(bits);
      if (value < limit) return value;
    }
  }
}

function mixed(previous: number): number {
  return previous ^ (previous >>> 30);
}
