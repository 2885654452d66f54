import type { Setting } from '../../2-resolve/inventory.ts';
import { keyText } from '../../ansible/ansible.ts';
import { placeOfPart, settingOfPart } from '../../ansible/yaml/place-of-part.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { evaluate, type Step, stepsOf, unsetIn } from './steps.ts';
import type { Subject, View } from './subject.ts';
import { valueText } from './value-text.ts';
import { pathText, type VariablePath } from './variable-path.ts';

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
