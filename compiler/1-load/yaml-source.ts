import { keyText } from '../ansible/values/key-text.ts';
import {
  type LoadedYaml,
  loadYaml,
  YAML_LIMITS,
  type YamlPlace,
  type YamlProblem,
} from '../ansible/yaml/load-yaml.ts';
import type { Diagnostic, Outcome, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { LINE_END } from '../diagnostics/line-ends.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import { MAX_VALUES } from './inventory-limits.ts';
import type { Places } from './workspace.ts';

/** A YAML file, read. */
export interface YamlSource {
  readonly file: string;
  /** null for an empty file. */
  readonly value: Value;
  readonly places: Places;
}

/** A file holds no more than can be read in a moment. */
const LIMITS = { ...YAML_LIMITS, maxValues: MAX_VALUES };

/**
 * Reads a YAML file of a workspace; the value is undefined where it is no YAML.
 * @param known what texts have been loaded before, and now this one too: files of one text share their values
 */
export function readYaml(
  file: string,
  text: string,
  known: Map<string, LoadedYaml> = new Map(),
): Outcome<YamlSource | undefined> {
  const loaded = known.get(text) ?? loadYaml(text, LIMITS);
  known.set(text, loaded);
  const toPlace = placer(file, text);
  const diagnostics = loaded.problems.map((problem) => yamlDiagnostic(problem, toPlace));
  if (loaded.problems.some((problem) => problem.severity === 'error'))
    return { value: undefined, diagnostics };
  const places: Places = {
    of(container, key) {
      const place = loaded.places.of(container, key);
      return place && toPlace(place);
    },
  };
  return { value: { file, value: loaded.value, places }, diagnostics };
}

type ToPlace = (place: YamlPlace) => Place;

/** Three more characters end a line in YAML 1.1 than in an editor; a text that holds one is counted anew. */
function placer(file: string, text: string): ToPlace {
  if (!/[\x85\u2028\u2029]/.test(text)) return (place) => ({ file, ...place });
  const theirs = lineStarts(text, /\r\n|[\n\r\x85\u2028\u2029]/g);
  const ours = lineStarts(text, new RegExp(LINE_END, 'g'));
  return ({ line, column }) => {
    const offset = theirs[line - 1]! + column - 1;
    const at = lastAtMost(ours, offset);
    return { file, line: at + 1, column: offset - ours[at]! + 1 };
  };
}

function lineStarts(text: string, end: RegExp): number[] {
  return [0, ...Array.from(text.matchAll(end), (match) => match.index + match[0].length)];
}

/** The index of the last of the sorted numbers that is not above a limit; the first one never is. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle;
    else high = middle;
  }
  return low;
}

function yamlDiagnostic(
  { severity, place, message, hint, related }: YamlProblem,
  toPlace: ToPlace,
): Diagnostic {
  return diagnose(severity === 'error' ? 'load/bad-yaml' : 'load/duplicate-key', {
    place: toPlace(place),
    message: message.length > 400 ? `${message.slice(0, 200)} … ${message.slice(-150)}` : message,
    ...(hint !== undefined && { hint }),
    ...(related && { related: [{ place: toPlace(related.place), message: related.message }] }),
  });
}

/** Where a part of a file stands, by its path; of the nearest part that has a place, the file's start at last. */
export function placeAt({ file, value, places }: YamlSource, path: readonly PropertyKey[]): Place {
  let place: Place = { file, line: 1, column: 1 };
  let at: Value | undefined = value;
  for (const step of path) {
    if (!(at instanceof Dict) && !Array.isArray(at)) break;
    const key = keyOf(at, typeof step === 'symbol' ? '' : step);
    place = places.of(at, key) ?? place;
    at = at instanceof Dict ? at.get(key) : at[Number(key)];
  }
  return place;
}

/** The key that a step of a path goes by: schemas name each key by its text. */
function keyOf(container: Dict | Value[], step: string | number): Value {
  if (!(container instanceof Dict) || container.has(step)) return step;
  for (const key of container.keys()) if (keyText(key) === step) return key;
  return step;
}

/** A path in words: `files[0].template`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}
