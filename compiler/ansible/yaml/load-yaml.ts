import type { Value } from '../../jinja/values/value.ts';
import { composeDocuments } from './compose.ts';
import { Constructor } from './construct.ts';
import type { YamlNode } from './node.ts';
import { YamlPlaces } from './places.ts';
import { YamlFailure, type YamlPlace, type YamlProblem } from './problem.ts';
import { readJson } from './read-json.ts';
import { readPlainMapping } from './read-plain-mapping.ts';

export type { YamlPlaces } from './places.ts';
export type { YamlPlace, YamlProblem } from './problem.ts';

/** How much a YAML text may hold. */
export interface YamlLimits {
  /** UTF-16 code units. */
  readonly maxLength: number;
  /** Blocks and brackets within each other. */
  readonly maxDepth: number;
  /** Values in all, with what an alias stands for counted each time that it is used. */
  readonly maxValues: number;
}

export const YAML_LIMITS: YamlLimits = { maxLength: 16 * 1024 * 1024, maxDepth: 200, maxValues: 1_000_000 };

export interface LoadedYaml {
  /** The value of the document; null for an empty text, and where there is an error. */
  readonly value: Value;
  /** The place of the value itself: of a mapping its first key, of a list its first item. */
  readonly place: YamlPlace;
  readonly places: YamlPlaces;
  /** Errors (one at most: reading ends there) and warnings, in order of their places. */
  readonly problems: readonly YamlProblem[];
}

/** Which program reads. */
export interface YamlDialect {
  /** Whether Ansible does: JSON first, and its own tags. Else PyYAML's SafeLoader, as in the filter `from_yaml`. */
  readonly ansible: boolean;
}

const ANSIBLE: YamlDialect = { ansible: true };

const NO_PROBLEMS: readonly YamlProblem[] = [];
const START: YamlPlace = { line: 1, column: 1 };

/**
 * Reads a text as Ansible reads a file of variables: as JSON where it is JSON, else as one YAML 1.1 document by the
 * rules of libyaml 0.2.5 and PyYAML 6.0.3, with Ansible's tags `!unsafe` (UnsafeText) and `!vault` (SecretText).
 */
export function loadYaml(
  text: string,
  limits: YamlLimits = YAML_LIMITS,
  dialect: YamlDialect = ANSIBLE,
): LoadedYaml {
  const plain = readPlainMapping(text, limits);
  if (plain) return { ...plain, problems: NO_PROBLEMS };
  return guarded(() => {
    checkLength(text, limits);
    // JSON may hold characters that YAML does not.
    const json = dialect.ansible ? readJson(text, limits) : undefined;
    if (json) return { value: json.value, place: json.place, places: json.places, problems: [] };
    checkCharacters(text);
    let first: YamlNode | undefined;
    for (const node of composeDocuments(text, limits)) {
      if (first) throw second(first, node);
      first = node;
    }
    const builder = new Constructor(limits.maxValues, dialect.ansible);
    const value = first ? builder.construct(first) : null;
    return {
      value,
      place: first?.place ?? START,
      places: builder.places,
      problems: inOrder(builder.warnings),
    };
  });
}

/** Reads every document of a YAML text, as `yaml.safe_load_all` does; `value` is their list. */
export function loadAllYaml(text: string, limits: YamlLimits = YAML_LIMITS): LoadedYaml {
  return guarded(() => {
    checkLength(text, limits);
    checkCharacters(text);
    const builder = new Constructor(limits.maxValues, false);
    const value = Array.from(composeDocuments(text, limits), (node) => builder.construct(node));
    return { value, place: START, places: builder.places, problems: inOrder(builder.warnings) };
  });
}

function guarded(load: () => LoadedYaml): LoadedYaml {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof YamlFailure)) throw error;
    return { value: null, place: START, places: new YamlPlaces(), problems: [error.problem] };
  }
}

function inOrder(problems: readonly YamlProblem[]): YamlProblem[] {
  return problems.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

// What libyaml's reader takes; a lone surrogate cannot come out of UTF-8.
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function checkLength(text: string, { maxLength }: YamlLimits): void {
  if (text.length <= maxLength) return;
  throw new YamlFailure({ place: START, message: `the text is longer than ${maxLength} characters` });
}

function checkCharacters(text: string): void {
  const match = FORBIDDEN.exec(text);
  if (!match) return;
  const before = text.slice(0, match.index).split(/\r\n|[\n\r\x85\u2028\u2029]/);
  const code = match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw new YamlFailure({
    place: { line: before.length, column: before.at(-1)!.length + 1 },
    message: `the character U+${code} is not allowed in YAML`,
    hint: 'remove it, or write it as an escape in double quotes',
  });
}

function second(first: YamlNode, node: YamlNode): YamlFailure {
  return new YamlFailure({
    place: node.place,
    message: 'found another document, but a file holds one',
    hint: "remove the '---' between them",
    related: { place: first.place, message: 'the first document' },
  });
}
