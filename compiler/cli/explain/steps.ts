import type { Setting } from '../../2-resolve/inventory.ts';
import { allReads, globalNames, type Read, type ReadNode, type VariableRead } from '../../ansible/ansible.ts';
import { settingOfPart } from '../../ansible/yaml/place-of-part.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { Dict, JinjaError, PyObject, Undefined, type Value } from '../../jinja/jinja.ts';
import { mergedLeaves } from './merged-settings.ts';
import { placeOfSetting } from './place-of-setting.ts';
import type { Subject, View } from './subject.ts';
import { valueText } from './value-text.ts';
import { partOf, pathText, type VariablePath } from './variable-path.ts';

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

export interface Evaluated {
  readonly value: Value | undefined;
  readonly failure: string | undefined;
  /** The keys that lead to the part; as they were asked for where it has no value. */
  readonly path: readonly Value[];
  readonly node: ReadNode;
}

/** The value of a part of a variable, or why it has none, and what was read for it. */
export function evaluate(view: View, { name, path }: VariablePath): Evaluated {
  const { value, node } = view.recorder.run((): Omit<Evaluated, 'node'> => {
    try {
      const whole = view.templar.get(name);
      if (whole instanceof Undefined) return { value: undefined, failure: whole.message, path };
      const part = whole === undefined ? undefined : partOf(whole, path);
      if (!part) return { value: undefined, failure: undefined, path };
      readWhole(part.value);
      return part.value instanceof Undefined
        ? { value: undefined, failure: part.value.message, path: part.keys }
        : { value: part.value, failure: undefined, path: part.keys };
    } catch (error) {
      if (!(error instanceof JinjaError)) throw error;
      return { value: undefined, failure: error.message, path };
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
    // Of hostvars, the variables that were read of it are told.
    if (!of || isHostvars(of)) return [];
    const { scope, settings, steps } = scopeOf(view, of.scope, of.name);
    const variable = shownName({ ...of, scope });
    const shownBefore = seen.has(variable);
    seen.add(variable);
    const [merged] = view.merge ? mergedLeaves(settings, steps, of.path) : [];
    const from = merged?.setting ?? settings[0];
    const { value: written, place } = from ? settingOfPart(from, of.path) : NOWHERE;
    const text = written === undefined ? '' : typeof written === 'string' ? written : valueText(written);
    const isTemplate = /\{[{%#]/.test(text) && !(written instanceof PyObject);
    const result = rest.result as Value | undefined;
    return {
      variable,
      layer: from?.layer ?? 'a loop',
      place,
      template: isTemplate ? text : undefined,
      value: result === undefined ? 'undefined' : valueText(result),
      reads: shownBefore ? [] : stepsOf(view, { of, ...rest }, seen),
      shownBefore,
    };
  });
}

const NOWHERE = { value: undefined, place: undefined };

interface SetInScope {
  readonly scope: string;
  /** The highest first. */
  readonly settings: readonly Setting[];
  /** As mergedLeaves takes them. */
  readonly steps: readonly Value[];
}

function scopeOf(view: View, scope: string, name: string): SetInScope {
  const host = scope === '' ? view.host : view.hosts.get(scope);
  const own = host?.vars.get(name);
  const settings = scope === '' ? view.scope.settingsOf(name) : (own?.settings ?? []);
  return { scope, settings, steps: own?.steps ?? [] };
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

function shownName({ scope, ...of }: Pick<VariableRead, 'scope' | 'name' | 'path'>): string {
  return scope === '' ? pathText(of) : `hostvars['${scope}'].${pathText(of)}`;
}

function isHostvars({ scope, name }: VariableRead): boolean {
  return scope === '' && name === 'hostvars';
}

/** All that a part of a render read: variables with what they were made of, and settings of khp.yml. */
export function stepsOfRender(subject: Subject, view: View, node: ReadNode): Step[] {
  const seen = new Set<string>();
  return [
    ...stepsOf(view, node, seen),
    ...lookedAt(node).flatMap(({ name, path }) =>
      stepsOf(view, evaluate(view, { name, path: partThere(view, { name, path }) }).node, seen),
    ),
    ...[...node.own.values()].flatMap((read) => settingSteps(subject, read)),
  ];
}

/** Variables of the host of which something was asked other than what is in them: their keys, say. */
function lookedAt(node: ReadNode): VariablePath[] {
  const read = new Set([...node.through].map(({ of }) => of && JSON.stringify([of.scope, of.name])));
  const asked = [...node.own.values()].flatMap((one) =>
    'path' in one && 'scope' in one && one.scope === '' && !isHostvars(one) ? [one] : [],
  );
  const names = asked.filter(({ name }) => !read.has(JSON.stringify(['', name])));
  const longest = names.filter(
    (one) => !names.some((other) => other.name === one.name && other.path.length > one.path.length),
  );
  const paths = longest.map(({ name, path }) => ({ name, path: path as VariablePath['path'] }));
  return [...new Map(paths.map((path) => [pathText(path), path])).values()];
}

/** As much of a path as there is. */
function partThere(view: View, { name, path }: VariablePath): VariablePath['path'] {
  const settings = view.scope.settingsOf(name);
  const length = path.findIndex((_, at) =>
    settings.every((setting) => settingOfPart(setting, path.slice(0, at + 1)).value === undefined),
  );
  return length < 0 ? path : path.slice(0, length);
}

function settingSteps({ workspace: { settings }, files }: Subject, read: Read): Step[] {
  if (read.kind !== 'managed' && read.kind !== 'env') return [];
  const path = read.kind === 'managed' ? ['ansible_managed'] : ['env', read.name];
  const value = read.kind === 'managed' ? settings.ansible_managed : settings.env[read.name];
  if (value === undefined) return [];
  return [
    {
      variable: pathText({ name: path[0]!, path: path.slice(1) }),
      layer: 'settings',
      place: placeOfSetting(files, path),
      template: undefined,
      value: valueText(value),
      reads: [],
      shownBefore: false,
    },
  ];
}

/** What a part of a render asked for and nothing sets, variables of other hosts among it. */
export function unsetInRender(view: View, node: ReadNode): string[] {
  const ofOthers = allReads(node).flatMap((read) =>
    read.kind === 'value' &&
    read.scope !== '' &&
    view.hosts.get(read.scope)?.vars.get(read.name) === undefined
      ? [shownName(read)]
      : [],
  );
  return [...unsetIn(view, node), ...new Set(ofOthers)].sort();
}
