import { settingOfPart } from '../../ansible/yaml/place-of-part.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { type MadeLeaf, mergedLeaves } from './merged-settings.ts';
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
  /** Whether something of it counts: of the highest one, or under `merge` of those that make the mapping. */
  readonly counts: boolean;
  /** Whether a higher one replaces what it says; one that says nothing of the part is neither this nor counts. */
  readonly overridden: boolean;
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
  const { value, failure, path, node } = evaluate(view, asked);
  if (value === undefined && failure === undefined) return undefined;
  const steps = view.host.vars.get(asked.name)?.steps ?? [];
  const { merge } = view;
  const leaves = merge ? mergedLeaves(settings, steps, path) : [];
  const making = merge ? new Set(leaves.map(({ setting }) => setting)) : new Set(settings.slice(0, 1));
  return {
    host: view.host.host,
    variable: pathText(asked),
    components: view.component ? [view.component.name] : [],
    settings: settings.map((setting) => {
      const written = settingOfPart(setting, path);
      return {
        layer: setting.layer,
        place: written.place,
        line: written.place ? subject.lineAt(written.place) : '',
        written: written.value === undefined ? undefined : valueText(written.value),
        counts: making.has(setting),
        overridden: !making.has(setting) && !(merge && isEmpty(written.value)) && saysOf(setting.value, path),
      };
    }),
    leaves: making.size > 1 ? leaves.map((leaf) => shownLeaf(leaf, asked.name)) : [],
    steps: stepsOf(view, node),
    unset: unsetIn(view, node),
    value: value === undefined ? undefined : valueText(value),
    failure,
  };
}

/** Whether it is a mapping that adds nothing to what it is merged with. */
function isEmpty(value: Value | undefined): boolean {
  return value instanceof Dict && value.size === 0;
}

/** Whether a value has a part, or something else in the place of what the part would be in. */
function saysOf(value: Value, [key, ...rest]: readonly Value[]): boolean {
  if (key === undefined || !(value instanceof Dict || Array.isArray(value))) return true;
  const next = value instanceof Dict ? value.get(key) : value[Number(key)];
  return next !== undefined && saysOf(next, rest);
}

function shownLeaf({ setting, path }: MadeLeaf, name: string): VariableExplanation['leaves'][number] {
  const { place, value } = settingOfPart(setting, path);
  return { variable: pathText({ name, path }), place, value: valueText(value ?? null) };
}
