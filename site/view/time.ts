/** A moment as a page shows it: for machines, for people, and how long before `now` it was. */
export interface Moment {
  /** For the `datetime` of a `<time>`. */
  readonly iso: string;
  /** `2026-11-23 12:04 UTC` */
  readonly text: string;
  /** `12 min ago`, `in 3 d` */
  readonly age: string;
}

/** The moment of `seconds` since the epoch, seen from `now`. */
export function momentOf(seconds: number, now: number): Moment {
  const iso = new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const text = `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  const age = now - seconds;
  return { iso, text, age: age >= 0 ? `${formatDuration(age)} ago` : `in ${formatDuration(-age)}` };
}

/** Seconds since the epoch of an RFC 3339 time. */
export function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}

/** A length of time in at most two units: `40 s`, `12 min`, `5 h 20 min`, `3 d 4 h`; rounded down. */
export function formatDuration(seconds: number): string {
  const total = Math.floor(seconds);
  if (total < 60) return `${total} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(`${hours} h`, minutes % 60, 'min');
  return joined(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

function joined(first: string, rest: number, unit: string): string {
  return rest === 0 ? first : `${first} ${rest} ${unit}`;
}
