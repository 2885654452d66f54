import { randomBytes } from 'node:crypto';
import { made, steps } from '../../jinja/limits.ts';
import { argumentCheck } from '../../jinja/values/argument-check.ts';
import { Dict } from '../../jinja/values/dict.ts';
import { Float } from '../../jinja/values/float.ts';
import { iterate, str } from '../../jinja/values/inspect.ts';
import { Lazy } from '../../jinja/values/lazy.ts';
import { Markup } from '../../jinja/values/markup.ts';
import { DictView } from '../../jinja/values/set.ts';
import { joinTexts } from '../../jinja/values/string-methods.ts';
import { escapeText } from '../../jinja/values/text.ts';
import { Tuple } from '../../jinja/values/tuple.ts';
import type { Value } from '../../jinja/values/value.ts';
import type { Read } from '../templar/read-recorder.ts';
import { FailingObject } from './failing-object.ts';

/** The variables that can be holes: the names of a host. */
export const HOLE_NAMES = ['inventory_hostname', 'inventory_hostname_short'] as const;
export type HoleName = (typeof HOLE_NAMES)[number];

/** The names of one host, each of a shape that fits in a hole. */
export type HoleValues = Readonly<Record<HoleName, string>>;

/**
 * Of this process alone, so that no text of a workspace can hold a mark; it is in nothing that is kept. A mark is made as
 * a name is: letters and digits, the first and the last a letter. What reads a text character by character takes it for one.
 */
const NONCE = `xkhp${randomBytes(32).toString('hex')}`;
const MARKS: Readonly<Record<HoleName, string>> = {
  inventory_hostname: `${NONCE}n`,
  inventory_hostname_short: `${NONCE}s`,
};
const MARK = new RegExp(`${NONCE}([ns])`, 'g');

/** A name that is a mark's like: no text with a mark in it is shorter than with the name, nor charged less. */
const SHAPE = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;
const LONGEST = NONCE.length;

/** Whether a value may be put where a hole is. */
export function fitsHole(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && SHAPE.test(value);
}

/** The work needs more of a name than to write it, so it is done for each host. No error of a template: nothing catches it. */
class HoleRefused extends Error {}

/** What renders with holes: the host that stands for all others, and whether its names turned out to be needed. */
interface Open {
  readonly values: HoleValues;
  readonly tell: (read: Read) => void;
  refused: boolean;
  /** How often it was asked whether a name is among some texts. */
  asked: number;
}

/**
 * Questions about names in one piece of work. Who compares a name with each of many gets another row of answers for each
 * host, and is better served without holes.
 */
const MOST_ASKED = 32;

// Rendering is synchronous, so one record serves all.
let open: Open | undefined;

/**
 * Runs work whose variables may be holes; undefined where it needs more of a name than to write it. That is final, also
 * where something within the work went on after it was told.
 * @param values of the host that it is done for
 * @param tell is told what was asked about its names
 */
export function withHoles<T>(
  { values, tell }: Pick<Open, 'values' | 'tell'>,
  work: () => T,
): { value: T } | undefined {
  const own: Open = { values, tell, refused: false, asked: 0 };
  open = own;
  argumentCheck.refuse = refuseHoles;
  try {
    const value = work();
    return own.refused ? undefined : { value };
  } catch (error) {
    if (own.refused) return undefined;
    throw error;
  } finally {
    open = undefined;
    argumentCheck.refuse = undefined;
  }
}

/** Whether a running work has holes. */
export function hasHoles(): boolean {
  return open !== undefined;
}

/** Whether the running work has turned out to be impossible with holes: nothing that came of it is to be kept. */
export function isRefused(): boolean {
  return open?.refused === true;
}

/** Has the running work done without holes, once it has ended. */
export function giveUpHoles(): void {
  if (open) open.refused = true;
}

function refuse(): never {
  giveUpHoles();
  throw new HoleRefused();
}

/** Which hole a text is, and nothing else. */
type Alone = HoleName | undefined;

/**
 * A text of Python with a host's name in it that is put in later. It may be printed, joined with other texts and escaped,
 * and a name alone be compared with texts, which is told as a read; whatever else is asked of it has the work refused.
 */
export class HoleText extends FailingObject {
  readonly typeName = 'str';
  /** With marks where names go. */
  readonly marked: string;
  readonly #alone: Alone;
  readonly #isMarkup: boolean;

  private constructor(
    marked: string,
    { alone, isMarkup = false }: { alone?: Alone; isMarkup?: boolean } = {},
  ) {
    super();
    // Ansible reads some texts with braces again, or marks them as never to be read.
    if (/\{[{%#]/.test(marked)) refuse();
    this.marked = marked;
    this.#alone = alone;
    this.#isMarkup = isMarkup;
  }

  /** A host's name. */
  static of(name: HoleName): HoleText {
    return new HoleText(MARKS[name], { alone: name });
  }

  /** Output that a template keeps as a value. */
  static captured(text: string): HoleText {
    return new HoleText(text);
  }

  /** What the template of a variable gave, which Ansible goes on to convert: undefined where there is no hole in it. */
  static converted(text: string, last: Value): HoleText | undefined {
    if (!open || !text.includes(NONCE)) return undefined;
    // It could be a list, a mapping, or the word for a truth value, whatever printed it.
    if (/^[[{TF]/.test(text)) refuse();
    if (last instanceof HoleText) {
      if (last.#isMarkup) refuse();
      if (last.marked === text) return last;
    }
    return new HoleText(text);
  }

  protected override fail(): never {
    return refuse();
  }

  override pyHash(): unknown {
    return refuse();
  }

  override pyCall(): Value {
    return refuse();
  }

  override pyOutput(): string {
    return this.marked;
  }

  /** `~` of texts and other values, one of which has a hole. */
  override pyJoin(parts: readonly Value[]): Value {
    return new HoleText(
      joinTexts(
        parts.map((part) => (part instanceof HoleText ? part.marked : str(part))),
        '',
      ),
    );
  }

  override pyOperate(operator?: string, other?: Value, reversed?: boolean): Value {
    const text = other instanceof HoleText && !other.#isMarkup ? other.marked : other;
    if (operator !== '+' || typeof text !== 'string' || this.#isMarkup) return refuse();
    return new HoleText(joinTexts(reversed ? [text, this.marked] : [this.marked, text], ''));
  }

  override pyEquals(other?: Value): boolean {
    if (typeof other === 'string') return this.#isAmong([other]);
    // A text is nothing else.
    const isOther =
      other === null ||
      typeof other === 'boolean' ||
      typeof other === 'number' ||
      typeof other === 'bigint' ||
      other instanceof Float ||
      other instanceof Tuple ||
      other instanceof Dict ||
      Array.isArray(other);
    return isOther ? false : refuse();
  }

  override pyWithin(items: readonly Value[]): boolean {
    steps(items.length);
    const texts = items.map((item) => (typeof item === 'string' ? item : refuse()));
    return this.#isAmong(texts);
  }

  #isAmong(texts: readonly string[]): boolean {
    const name = this.#alone;
    if (!open || name === undefined || this.#isMarkup) return refuse();
    open.asked++;
    if (open.asked > MOST_ASKED) return refuse();
    open.tell({ kind: 'among', name, texts });
    return texts.includes(open.values[name]);
  }

  override pyMarkup(): HoleText {
    return new HoleText(this.marked, { isMarkup: true });
  }

  /** As the filter `escape` gives it. A name has nothing to escape. */
  escaped(): HoleText {
    return this.#isMarkup ? this : new HoleText(made(escapeText(this.marked)), { isMarkup: true });
  }

  /** A text of its type. */
  get likeness(): Value {
    return this.#isMarkup ? new Markup(NONCE) : NONCE;
  }
}

/** Has the work refused where a value is a hole, or a list or mapping that has one in it, however deep. */
export function refuseHoles(value: unknown): void {
  if (typeof value === 'object' && value !== null) search(value, new Set());
}

function search(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  if (value instanceof HoleText || value instanceof Lazy) refuse();
  if (value instanceof Map) for (const item of value.values()) search(item, seen);
  const items = itemsOf(value);
  if (!items) return;
  seen.add(value);
  for (const item of items) search(item, seen);
}

function itemsOf(value: object): Iterable<Value> | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return value.values();
  return value instanceof DictView ? iterate(value) : undefined;
}

/** What is printed of a value that a part of component.yml is to be; its str(). */
export function textOf(value: Value): string {
  return value instanceof HoleText ? value.marked : str(value);
}

/** A text cut at its holes: a name behind each piece but the last. */
export interface CutText {
  readonly pieces: readonly string[];
  readonly names: readonly HoleName[];
}

/** Whether a text has a hole. */
export function holdsHole(text: string): boolean {
  return text.includes(NONCE);
}

export function cutAtHoles(text: string): CutText {
  const parts = text.split(MARK);
  return {
    pieces: parts.filter((_, index) => index % 2 === 0),
    names: parts.flatMap((part, index) =>
      index % 2 === 0 ? [] : [part === 'n' ? 'inventory_hostname' : 'inventory_hostname_short'],
    ),
  };
}

/** A text with the names of a host in its holes. */
export function fillHoles({ pieces, names }: CutText, values: HoleValues): string {
  let text = pieces[0]!;
  for (const [index, name] of names.entries()) text += values[name] + pieces[index + 1]!;
  return text;
}
