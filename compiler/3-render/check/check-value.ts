import type { Declaration, VariableType } from '../../1-load/declaration.ts';
import { humanToBytes } from '../../ansible/filters/human-size.ts';
import { Regex } from '../../ansible/regex/regex.ts';
import { giveUpHoles, HoleText } from '../../ansible/values/hole-text.ts';
import { SecretText } from '../../ansible/values/secret-text.ts';
import type { PartOfValue } from '../../ansible/yaml/place-of-part.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import {
  asNumber,
  asText,
  Dict,
  equals,
  Float,
  fromJson,
  JinjaError,
  LimitError,
  length,
  parseFloatText,
  parseJson,
  repr,
  steps,
  typeName,
  used,
  type Value,
} from '../../jinja/jinja.ts';

/** What is wrong in a value. */
export interface ValueProblem {
  /** Where in the value. */
  readonly part: PartOfValue;
  /** Which declaration says so: keys from the variable's own one on. */
  readonly declaration: readonly string[];
  /** `is -1, but must be at least 1`. */
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Compares a value, as templates see it, with its declaration. Types are Ansible's, but nothing is converted, for
 * templates get the value as it is: a list or a mapping must be one and no text, a truth value no word; a number may be
 * a text that reads as one, which is what an expression gives. Null passes where the variable is not required, and what
 * is encrypted always.
 */
export function checkValue(value: Value, declaration: Declaration): ValueProblem[] {
  return [...problems(value, { declaration, part: [], path: [] })];
}

interface Position {
  readonly declaration: Declaration;
  readonly part: PartOfValue;
  readonly path: readonly string[];
}

function* problems(value: Value, position: Position): Iterable<ValueProblem> {
  const { declaration, part, path } = position;
  const { type, hint, required } = declaration;
  const wrong = (must: string, better: string | undefined = hint): ValueProblem => ({
    part,
    declaration: path,
    message: `is ${shown(value)}, but must be ${must}`,
    hint: better,
  });
  if (value instanceof SecretText || (value === null && !required)) return;
  if (value instanceof HoleText) {
    // A name is a text like any other; what else is asked of it is asked of each host's.
    if (!OF_ANY_TEXT.has(type) || CONSTRAINTS.some((key) => declaration[key] !== undefined)) giveUpHoles();
    return;
  }
  if (!isOfType(value, type)) {
    yield wrong(WORDS[type], hint ?? quoteHint(value, type));
    return;
  }
  for (const must of unmet(value, declaration)) yield wrong(must);
  if (value instanceof Dict) yield* optionProblems(value, position);
  if (Array.isArray(value) && declaration.elements !== undefined) {
    const { elements, options } = declaration;
    // What is said of the list itself is not said of its items.
    const item = { type: elements, required: true, ...(options && { options }), ...(hint && { hint }) };
    for (const [index, one] of value.entries()) {
      yield* problems(one, { declaration: item, part: [...part, index], path });
    }
  }
}

function* optionProblems(value: Dict, { declaration, part, path }: Position): Iterable<ValueProblem> {
  const { options, hint } = declaration;
  if (!options) return;
  for (const [key, item] of value) {
    const option = typeof key === 'string' && Object.hasOwn(options, key) ? options[key] : undefined;
    if (option) {
      const inside = [...path, 'options', String(key)];
      yield* problems(item, { declaration: option, part: [...part, key], path: inside });
      continue;
    }
    const known = Object.keys(options);
    const message = `has the key ${repr(key)}, which is not declared`;
    const better = didYouMean(String(key), known) ?? hint ?? `declared are ${known.join(', ')}`;
    yield { part: [...part, key], declaration: path, message, hint: better };
  }
  for (const [key, option] of Object.entries(options)) {
    if (!option.required || value.has(key)) continue;
    const message = `lacks the key ${repr(key)}, which is required`;
    yield { part, declaration: [...path, 'options', key], message, hint: option.hint ?? hint };
  }
}

const OF_ANY_TEXT: ReadonlySet<VariableType> = new Set(['str', 'path', 'raw']);
const CONSTRAINTS = ['choices', 'min', 'max', 'min_length', 'max_length', 'pattern'] as const;

const WORDS: Readonly<Record<VariableType, string>> = {
  str: 'a text',
  path: 'a path',
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  list: 'a list',
  dict: 'a mapping',
  raw: 'anything',
  json: 'JSON, or a list or mapping',
  bytes: 'a size such as 512M',
};

function isOfType(value: Value, type: VariableType): boolean {
  const text = asText(value);
  switch (type) {
    case 'str':
      return text !== undefined || isNumber(value);
    case 'path':
      return text !== undefined && text !== '';
    case 'int': {
      const number = numberIn(value);
      return number !== undefined && (typeof number === 'bigint' || Number.isInteger(number));
    }
    case 'float':
      return numberIn(value) !== undefined;
    case 'bool':
      return typeof value === 'boolean' || value === 0 || value === 1;
    case 'list':
      return Array.isArray(value);
    case 'dict':
      return value instanceof Dict;
    case 'json':
      return Array.isArray(value) || value instanceof Dict || (text !== undefined && isJson(text));
    case 'bytes':
      return sizeIn(value) !== undefined;
    case 'raw':
      return true;
  }
}

function isNumber(value: Value): value is number | bigint | Float {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
}

/** The number that a value is or, as a text, reads as. */
export function numberIn(value: Value): number | bigint | undefined {
  if (isNumber(value)) return value instanceof Float ? value.value : value;
  const text = asText(value)?.trim();
  if (text === undefined) return undefined;
  if (/^[+-]?\d+$/.test(text)) return text.length < 16 ? Number(text) : BigInt(text.replace(/^\+/, ''));
  return parseFloatText(text);
}

function sizeIn(value: Value): number | bigint | undefined {
  const text = asText(value);
  if (text === undefined) return numberIn(value);
  try {
    return numberIn(humanToBytes(text.trim(), undefined, false));
  } catch (error) {
    if (error instanceof JinjaError) return undefined;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch (error) {
    if (error instanceof JinjaError) return false;
    throw error;
  }
}

/** What a value of the right type must be besides, and is not. */
function* unmet(value: Value, declaration: Declaration): Iterable<string> {
  const { type, choices, min, max, min_length: least, max_length: most, pattern } = declaration;
  if (choices && !choices.some((choice) => isChoice(value, fromJson(choice), type))) {
    yield `one of ${choices.map((choice) => shown(fromJson(choice))).join(', ')}`;
  }
  const number = type === 'bytes' ? sizeIn(value) : numberIn(value);
  // Negated, so that what has no order (nan) is in no range.
  if (min !== undefined && !(number !== undefined && number >= min)) yield `at least ${min}`;
  if (max !== undefined && !(number !== undefined && number <= max)) yield `at most ${max}`;
  if (least !== undefined || most !== undefined) {
    const size = length(isNumber(value) ? String(asNumber(value)) : value);
    if (least !== undefined && size < least) yield `of ${counted(least, type)} or more`;
    if (most !== undefined && size > most) yield `of ${counted(most, type)} or fewer`;
  }
  if (pattern !== undefined && !fits(asText(value) ?? repr(value), { declaration, pattern }))
    yield `a text that matches ${pattern}`;
}

function counted(count: number, type: VariableType): string {
  const unit = type === 'list' ? 'item' : type === 'dict' ? 'key' : 'character';
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function isChoice(value: Value, choice: Value, type: VariableType): boolean {
  if (equals(value, choice)) return true;
  // An expression gives a number as a text.
  return (type === 'int' || type === 'float') && numberIn(value) === numberIn(choice);
}

/** Whether a text fits, or why that cannot be told, and what it cost to find out. */
interface Fit {
  readonly fits: boolean | JinjaError;
  readonly steps: number;
}

const fitted = new WeakMap<Declaration, Map<string, Fit>>();
/** Texts that are kept of one declaration. */
const MAX_TEXTS = 10_000;

/**
 * Whether a text fits the pattern of a declaration. Each text is compared once, and charged to all who ask as if they
 * had compared it: what one value may take does not depend on those before it.
 */
function fits(
  text: string,
  { declaration, pattern }: { readonly declaration: Declaration; readonly pattern: string },
): boolean {
  const texts = fitted.get(declaration) ?? new Map<string, Fit>();
  fitted.set(declaration, texts);
  const known = texts.get(text);
  try {
    if (known) steps(known.steps);
    const found = known ?? compared(text, pattern);
    if (texts.size < MAX_TEXTS) texts.set(text, found);
    if (typeof found.fits !== 'boolean') throw found.fits;
    return found.fits;
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw new LimitError(error.limit, `to match ${shown(text)} with ${pattern} takes too many steps`);
  }
}

function compared(text: string, pattern: string): Fit {
  const before = used.steps;
  try {
    return { fits: matchesWhole(pattern, text), steps: used.steps - before };
  } catch (error) {
    if (error instanceof LimitError || !(error instanceof JinjaError)) throw error;
    return { fits: error, steps: used.steps - before };
  }
}

const regexes = new Map<string, Regex>();
const MAX_REGEXES = 1000;

function matchesWhole(pattern: string, text: string): boolean {
  let regex = regexes.get(pattern);
  if (!regex) {
    const flags = /^\(\?[aiLmsux]+\)/.exec(pattern)?.[0] ?? '';
    regex = new Regex(`${flags}(?:${pattern.slice(flags.length)})\\Z`);
    if (regexes.size >= MAX_REGEXES) regexes.clear();
    regexes.set(pattern, regex);
  }
  return regex.match(text) !== undefined;
}

/** YAML reads words and dates as what they look like. */
function quoteHint(value: Value, type: VariableType): string | undefined {
  return type === 'str' && (typeof value === 'boolean' || /^date/.test(typeName(value)))
    ? 'put the value in quotes'
    : undefined;
}

const LONGEST = 60;

function shown(value: Value): string {
  if (value instanceof Dict) return value.size === 0 ? 'an empty mapping' : 'a mapping';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === null) return 'empty';
  if (typeof value === 'boolean') return String(value);
  const text = asText(value) === undefined ? repr(value) : `'${asText(value)}'`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
