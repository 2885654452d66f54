import { loadYaml, type YamlProblem } from '../ansible/yaml/load-yaml.ts';
import type { Diagnostic, Outcome, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Places } from './workspace.ts';

/** A YAML file, read. */
export interface YamlSource {
  readonly file: string;
  /** null for an empty file. */
  readonly value: Value;
  readonly places: Places;
}

/** Reads a YAML file of a workspace; the value is undefined where it is no YAML. */
export function readYaml(file: string, text: string): Outcome<YamlSource | undefined> {
  const loaded = loadYaml(text);
  const diagnostics = loaded.problems.map((problem) => yamlDiagnostic(file, problem));
  if (loaded.problems.some((problem) => problem.severity === 'error'))
    return { value: undefined, diagnostics };
  const places: Places = {
    of(container, key) {
      const place = loaded.places.of(container, key);
      return place && { file, ...place };
    },
  };
  return { value: { file, value: loaded.value, places }, diagnostics };
}

function yamlDiagnostic(file: string, { severity, place, message, hint, related }: YamlProblem): Diagnostic {
  return diagnose(severity === 'error' ? 'load/bad-yaml' : 'load/duplicate-key', {
    place: { file, ...place },
    message,
    ...(hint !== undefined && { hint }),
    ...(related && { related: [{ place: { file, ...related.place }, message: related.message }] }),
  });
}

/** Where a part of a file stands, by its path; of the nearest part that has a place, the file's start at last. */
export function placeAt({ file, value, places }: YamlSource, path: readonly PropertyKey[]): Place {
  let place: Place = { file, line: 1, column: 1 };
  let at: Value | undefined = value;
  for (const step of path) {
    if (!(at instanceof Dict) && !Array.isArray(at)) break;
    const key = typeof step === 'symbol' ? '' : step;
    place = places.of(at, key) ?? place;
    at = at instanceof Dict ? at.get(key) : at[Number(key)];
  }
  return place;
}

/** A path in words: `files[0].template`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}
