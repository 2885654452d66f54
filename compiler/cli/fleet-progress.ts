import { progress } from './console.ts';
import { count } from './diff-text.ts';

const REDRAW_MS = 100;

/** What a long compile shows on a terminal: hosts, files, rate, time left. */
export class FleetProgress {
  readonly #verb: string;
  readonly #start = performance.now();
  /** Of how many threads it is not known yet how many hosts they have. */
  #unprepared: number;
  #total = 0;
  #hosts = 0;
  #files = 0;
  #drawn = 0;

  constructor(verb: string, threads: number) {
    this.#verb = verb;
    this.#unprepared = Math.max(threads, 1);
  }

  prepared(hosts: number): void {
    this.#unprepared -= 1;
    this.#total += hosts;
  }

  hosts(done: number): void {
    this.#hosts += done;
    const now = performance.now();
    if (now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    progress(progressText({ ...this.#state(), seconds: (now - this.#start) / 1000 }));
  }

  files(made: number): void {
    this.#files += made;
  }

  end(): void {
    progress('');
  }

  #state() {
    const total = this.#unprepared > 0 ? undefined : this.#total;
    return { verb: this.#verb, hosts: this.#hosts, files: this.#files, total };
  }
}

/** One line: `compiled 1200 of 9800 hosts, 30000 files, 400 hosts/s, 0:21 left`. */
export function progressText(state: {
  readonly verb: string;
  readonly hosts: number;
  readonly files: number;
  /** Undefined while it is not known. */
  readonly total: number | undefined;
  /** Since the start. */
  readonly seconds: number;
}): string {
  const { verb, hosts, files, total, seconds } = state;
  const rate = seconds > 0 ? hosts / seconds : 0;
  const left = total === undefined || rate === 0 ? undefined : Math.ceil((total - hosts) / rate);
  const parts = [
    total === undefined ? `${verb} ${count(hosts, 'host')}` : `${verb} ${hosts} of ${count(total, 'host')}`,
    count(files, 'file'),
    `${Math.round(rate)} hosts/s`,
    ...(left === undefined ? [] : [`${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`]),
  ];
  return parts.join(', ');
}
