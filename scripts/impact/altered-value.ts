import { roleOf } from '../../compiler/1-load/layout.ts';
import type { Random } from '../conformance/random.ts';

/** A line of a file, and by what one of its words is replaced. */
interface Alteration {
  readonly file: string;
  readonly random: Random;
  readonly other: (word: string) => string;
}

/** The line with another value where it has one: a number, a word or what is in quotes; of a template anything it says. */
export function alteredValue(text: string, { file, random, other }: Alteration): string | undefined {
  const isTemplate = roleOf(file).is === 'template';
  const start = isTemplate ? 0 : valueStart(text, file);
  if (start === undefined || (!isTemplate && /^\s*[#;]/.test(text))) return undefined;
  const isIni = file.endsWith('.ini') && !isTemplate;
  const words = [...text.slice(start).matchAll(/\d+|[A-Za-z][\w-]*/g)].filter(({ 0: word, index }) => {
    const isKey = (isIni ? /^\s*=/ : /^["']?:(?:\s|$)/).test(text.slice(start + index + word.length));
    return (isTemplate || !isKey) && !KEYWORDS.has(word);
  });
  if (words.length === 0) return undefined;
  const { 0: word, index } = random.pick(words);
  const at = start + index;
  return text.slice(0, at) + other(word) + text.slice(at + word.length);
}

/** Where the value of a line begins: behind its key; of a host of an inventory behind the first `=`. */
export function valueStart(text: string, file: string): number | undefined {
  if (file.endsWith('.ini')) return text.includes('=') ? text.indexOf('=') + 1 : undefined;
  if (file.endsWith('.hosts.yml')) return /^\s*[\w-]+:\s+(?=\S)/.exec(text)?.[0].length;
  return /^[\s-]*(?:\S+?:(?:\s+|$)|[^\s={}"'<]+\s*=\s*|<value>)?/.exec(text)![0].length;
}

/** Words of Jinja: another one in their place is an error, or a text of no interest. */
const KEYWORDS: ReadonlySet<string> = new Set(
  [
    'and or not if else elif endif in is for endfor set endset macro endmacro call endcall filter endfilter',
    'block endblock with endwith raw endraw include import from as extends context without ignore missing',
  ]
    .join(' ')
    .split(' '),
);

/** Values of which there are two. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['True', 'False'],
  ['yes', 'no'],
  ['replace', 'merge'],
];

/** A word that is nowhere else, or the other one of two. */
export function freshWord(word: string, random: Random): string {
  if (/^\d+$/.test(word)) return String(random.pick([Number(word) + 1, Number(word) * 2 + 3, 17, 0]));
  for (const [one, other] of PAIRS) {
    if (word === one) return other;
    if (word === other) return one;
  }
  return word + random.pick(['x', '-2', '_b']);
}

/** What Python does not read back from its text. */
export function oddWord(random: Random): string {
  return random.pick(['2020-01-01', '.nan', '.inf', '1e999', '{{ nowhere }}']);
}
