import type { Setting } from '../../2-resolve/inventory.ts';
import { allReads, globalNames, keyText, type ReadNode } from '../../ansible/ansible.ts';
import { placeOfPart, settingOfPart } from '../../ansible/yaml/place-of-part.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { Dict, JinjaError, PyObject, Undefined, type Value } from '../../jinja/jinja.ts';
import type { Subject, View } from './subject.ts';
import { valueText } from './value-text.ts';
import { partOf, pathText, type VariablePath } from './variable-path.ts';

/** One setting of a variable. */
export interface ShownSetting {
  readonly layer: string;
  /** Missing for what khp itself sets. */
  readonly place: Place | undefined;
  /** The text of the place's line. */
  readonly line: string;
  /** What it writes there; undefined where it writes nothing there. */
  readonly written: string | undefined;
  /** Whether it counts: the highest one, or under `merge` one of those that make the mapping. */
  readonly counts: boolean;
}

/** A part of a variable with what it is, where from, and what it was made of. */
export interface Step {
  readonly variable: string;
  readonly layer: string;
  readonly place: Place | undefined;
  /** The template as written; undefined for a plain value. */
  readonly template: string | undefined;
  readonly value: string;
  /** What its template read; of what was shown before, the variable alone. */
  readonly reads: readonly Step[];
  readonly shownBefore: boolean;
}

export interface VariableExplanation {
  readonly host: string;
  readonly variable: string;
  /** The components whose templates see it so; none where the host has none. */
  readonly components: readonly string[];
  /** The highest first. */
  readonly settings: readonly ShownSetting[];
  /** Of a mapping that several layers make: where each leaf is from. */
  readonly leaves: readonly {
    readonly variable: string;
    readonly place: Place | undefined;
    readonly value: string;
  }[];
  readonly steps: readonly Step[];
  /** Names that its templates asked for, and that nothing sets. */
  readonly unset: readonly string[];
  /** Undefined where it cannot be evaluated. */
  readonly value: string | undefined;
  /** Why it cannot be evaluated. */
  readonly failure: string | undefined;
}

/** Explains a variable as each component's templates see it, alike ones once; empty where none sees it. */
export function explainVariable(
  subject: Subject,
  views: readonly View[],
  asked: VariablePath,
): VariableExplanation[] {
  const found = new Map<string, VariableExplanation>();
  for (const view of views) {
    const one = explainIn(subject, view, asked);
    if (!one) continue;
    const key = JSON.stringify({ ...one, components: [] });
    const known = found.get(key);
    found.set(key, known ? { ...known, components: [...known.components, ...one.components] } : one);
  }
  return [...found.values()];
}

function explainIn(subject: Subject, view: View, asked: VariablePath): VariableExplanation | undefined {
  const settings = view.scope.settingsOf(asked.name);
  if (settings.length === 0) return undefined;
  const { value, failure, node } = evaluate(view, asked);
  if (value === undefined && failure === undefined) return undefined;
  const merge = subject.workspace.settings.hash_behaviour === 'merge';
  const making = merge ? makers(settings) : settings.slice(0, 1);
  return {
    host: view.host.host,
    variable: pathText(asked),
    components: view.component ? [view.component.name] : [],
    settings: settings.map((setting) => {
      const written = settingOfPart(setting, asked.path);
      return {
        layer: setting.layer,
        place: written.place,
        line: written.place ? subject.lineAt(written.place) : '',
        written: written.value === undefined ? undefined : valueText(written.value),
        counts: making.includes(setting) && (written.value !== undefined || settings[0] === setting),
      };
    }),
    leaves: making.length > 1 ? leavesOf(making, asked) : [],
    steps: stepsOf(view, node),
    unset: unsetIn(view, node),
    value: value === undefined ? undefined : valueText(value),
    failure,
  };
}

/** The settings that are merged: mappings down to the first that is none, which counts only where it stands alone. */
function makers(settings: readonly Setting[]): Setting[] {
  if (!(settings[0]?.value instanceof Dict)) return settings.slice(0, 1);
  const end = settings.findIndex(
    ({ value, layer }) => !(value instanceof Dict) || layer === 'component defaults',
  );
  const merged = end === -1 ? settings : settings.slice(0, Math.max(end, 1));
  return [...merged];
}

function leavesOf(settings: readonly Setting[], { name, path }: VariablePath): VariableExplanation['leaves'] {
  const leaves = new Map<string, VariableExplanation['leaves'][number]>();
  const visit = (value: Value, at: readonly Value[]): void => {
    if (value instanceof Dict) {
      for (const [key, item] of value) visit(item, [...at, key]);
      return;
    }
    const key = at.map(keyText).join('\u0000');
    const variable = pathText({ name, path: at });
    if (!leaves.has(key))
      leaves.set(key, { variable, place: placeOfPart(settings, at), value: valueText(value) });
  };
  for (const setting of settings) {
    const { value } = settingOfPart(setting, path);
    if (value !== undefined) visit(value, path);
  }
  return [...leaves.values()];
}

interface Evaluated {
  readonly value: Value | undefined;
  readonly failure: string | undefined;
  readonly node: ReadNode;
}

/** The value of a part of a variable, or why it has none, and what was read for it. */
function evaluate(view: View, { name, path }: VariablePath): Evaluated {
  const { value, node } = view.recorder.run((): Pick<Evaluated, 'value' | 'failure'> => {
    try {
      const whole = view.templar.get(name);
      const part = whole === undefined || whole instanceof Undefined ? whole : partOf(whole, path);
      if (part !== undefined) readWhole(part);
      return part instanceof Undefined
        ? { value: undefined, failure: part.message }
        : { value: part, failure: undefined };
    } catch (error) {
      if (!(error instanceof JinjaError)) throw error;
      return { value: undefined, failure: error.message };
    }
  });
  return { ...value, node };
}

/** Reads a value down to its leaves, so that the record has what each was made of; one that cannot be evaluated is left. */
function readWhole(value: Value): void {
  if (!(value instanceof Dict) && !Array.isArray(value)) return;
  try {
    for (const item of value instanceof Dict ? value.values() : value) readWhole(item);
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
  }
}

/** The parts of variables that a piece of work read, each with what it was made of. */
export function stepsOf(view: View, node: ReadNode, seen = new Set<string>()): Step[] {
  return [...node.through].flatMap(({ of, ...rest }) => {
    if (!of) return [];
    const { scope, settings } = scopeOf(view, of.scope, of.name);
    const variable = scope === '' ? pathText(of) : `hostvars['${scope}'].${pathText(of)}`;
    const shownBefore = seen.has(variable);
    seen.add(variable);
    const from =
      settings.find((setting) => settingOfPart(setting, of.path).value !== undefined) ?? settings[0];
    const written = from && settingOfPart(from, of.path).value;
    const text = written === undefined ? '' : typeof written === 'string' ? written : valueText(written);
    const isTemplate = /\{[{%#]/.test(text) && !(written instanceof PyObject);
    const result = rest.result as Value | undefined;
    return {
      variable,
      layer: from?.layer ?? 'a loop',
      place: placeOfPart(settings, of.path),
      template: isTemplate ? text : undefined,
      value: result === undefined ? 'undefined' : valueText(result),
      reads: shownBefore ? [] : stepsOf(view, { of, ...rest }, seen),
      shownBefore,
    };
  });
}

function scopeOf(view: View, scope: string, name: string): { scope: string; settings: readonly Setting[] } {
  if (scope === '') return { scope, settings: view.scope.settingsOf(name) };
  const host = view.hosts.get(scope);
  return { scope, settings: host?.vars.get(name)?.settings ?? [] };
}

/** The variables that a piece of work asked for, through those that it read too, and that the host has not. */
export function unsetIn(view: View, node: ReadNode): string[] {
  const globals = globalNames();
  const asked = allReads(node).flatMap((read) =>
    read.kind === 'value' && read.scope === '' ? [read.name] : [],
  );
  return [...new Set(asked)]
    .filter((name) => view.scope.get(name) === undefined && !globals.has(name))
    .sort();
}

/** The same of the value of a part of a variable; of one that nothing sets nothing. */
export function unsetOfPart(view: View, asked: VariablePath): string[] {
  if (view.scope.get(asked.name) === undefined || asked.name === 'hostvars') return [];
  return unsetIn(view, evaluate(view, asked).node);
}

/** A part of a variable as a step, with all that it was made of. */
export function stepsOfPart(view: View, asked: VariablePath, seen: Set<string>): Step[] {
  return stepsOf(view, evaluate(view, asked).node, seen);
}
