import { Float } from '../../jinja/values/float.ts';
import { pyFunction } from '../../jinja/values/function.ts';
import { PyObject, type Value } from '../../jinja/values/value.ts';

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

/** Python's datetime.timedelta: what the difference of two times is. */
export class TimeDelta extends PyObject {
  readonly typeName = 'timedelta';
  override readonly typeModule = 'datetime';
  /** Microseconds. */
  readonly total: bigint;

  constructor(total: bigint) {
    super();
    this.total = total;
  }

  #parts(): { days: number; seconds: number; microseconds: number } {
    const within = ((this.total % DAY) + DAY) % DAY;
    return {
      days: Number((this.total - within) / DAY),
      seconds: Number(within / SECOND),
      microseconds: Number(within % SECOND),
    };
  }

  override pyGetAttribute(name: string): Value | undefined {
    if (name === 'days' || name === 'seconds' || name === 'microseconds') return this.#parts()[name];
    if (name === 'total_seconds')
      return pyFunction('', () => new Float(Number(this.total) / 1e6)).named(name);
    return undefined;
  }

  override pyStr(): string {
    const { days, seconds, microseconds } = this.#parts();
    const two = (number: number) => String(number).padStart(2, '0');
    const time = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const prefix = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
    return `${prefix}${time}${microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`}`;
  }

  override pyRepr(): string {
    const parts = Object.entries(this.#parts()).filter(([, value]) => value !== 0);
    return `datetime.timedelta(${parts.map(([name, value]) => `${name}=${value}`).join(', ') || '0'})`;
  }

  override pyTruth(): boolean {
    return this.total !== 0n;
  }

  override pyEquals(other: Value): boolean {
    return other instanceof TimeDelta && other.total === this.total;
  }

  override pyHash(): unknown {
    return `timedelta:${this.total}`;
  }

  override pyCompare(other: Value): number | undefined {
    if (!(other instanceof TimeDelta)) return undefined;
    return this.total < other.total ? -1 : Number(this.total > other.total);
  }

  override pyOperate(operator: string, other: Value): Value | undefined {
    if (!(other instanceof TimeDelta)) return undefined;
    if (operator === '+') return new TimeDelta(this.total + other.total);
    return operator === '-' ? new TimeDelta(this.total - other.total) : undefined;
  }
}
