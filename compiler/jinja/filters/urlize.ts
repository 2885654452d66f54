import { step, steps } from '../limits.ts';
import { SPACE } from '../values/text.ts';

/** How links are made. */
export interface UrlizeOptions {
  /** Characters that are shown of a URL at most. */
  readonly limit: number | undefined;
  /** Escaped already. */
  readonly rel: readonly string[];
  /** Escaped already. */
  readonly target: string | undefined;
  /** Prefixes beside http and mailto that make a link. */
  readonly schemes: readonly string[];
}

const W = '[\\p{L}\\p{N}_%-]';
const HTTP = new RegExp(
  '^(?:(?:https?:\\/\\/|www\\.)' +
    `(?:(?:${W}+\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})` +
    `|(?:${W}{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)` +
    '|(?:https?:\\/\\/)(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))' +
    `(?::\\d{1,5})?(?:[\\/?#][^${SPACE}]*)?$`,
  'iu',
);
const EMAIL = new RegExp(`^[^${SPACE}]+@[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*\\.[\\p{L}\\p{N}_]+$`, 'u');
const PAIRS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;
/** The patterns take quadratic time on longer words that are no URL, which then count as so many steps. */
const LONG_WORD = 2000;

/** Makes links of the URLs and mail addresses in a text that is escaped already. */
export function urlize(escaped: string, options: UrlizeOptions): string {
  return escaped
    .split(new RegExp(`([${SPACE}]+)`, 'u'))
    .map((word) => {
      step();
      if (!/[.:@]/.test(word)) return word;
      steps(8);
      if (word.length > LONG_WORD) steps(Math.ceil(word.length ** 2 / 64));
      return linkWord(word, options);
    })
    .join('');
}

function linkWord(word: string, options: UrlizeOptions): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
  let middle = word.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
  middle = middle.slice(0, middle.length - tail.length);
  for (const [open, close] of PAIRS) {
    const opened = middle.split(open).length - 1;
    if (opened <= middle.split(close).length - 1) continue;
    for (let left = Math.min(opened, tail.split(close).length - 1); left > 0; left--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return head + link(middle, options) + tail;
}

function attribute(name: string, escaped: string | undefined): string {
  return escaped ? ` ${name}="${escaped}"` : '';
}

function link(url: string, { limit, rel, target, schemes }: UrlizeOptions): string {
  const attributes = attribute('rel', rel.join(' ')) + attribute('target', target);
  const points = Array.from(url);
  const shown = limit !== undefined && points.length > limit ? `${points.slice(0, limit).join('')}...` : url;
  if (HTTP.test(url)) {
    const full = url.startsWith('https://') || url.startsWith('http://') ? url : `https://${url}`;
    return `<a href="${full}"${attributes}>${shown}</a>`;
  }
  if (url.startsWith('mailto:') && EMAIL.test(url.slice(7))) return `<a href="${url}">${url.slice(7)}</a>`;
  if (url.includes('@') && !/^(?:www\.|@)/.test(url) && !url.includes(':') && EMAIL.test(url)) {
    return `<a href="mailto:${url}">${url}</a>`;
  }
  let text = url;
  for (const scheme of schemes) {
    if (text !== scheme && text.startsWith(scheme)) text = `<a href="${text}"${attributes}>${text}</a>`;
  }
  return text;
}
