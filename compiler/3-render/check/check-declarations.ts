import type { Declaration } from '../../1-load/declaration.ts';
import { placeOfPart } from '../../ansible/yaml/place-of-part.ts';
import type { Diagnostic } from '../../contract/diagnostic.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import {
  counted,
  DEFAULT_LIMITS,
  Dict,
  JinjaError,
  LimitError,
  Tuple,
  Undefined,
  type Value,
} from '../../jinja/jinja.ts';
import type { ComponentOnHost } from '../component-on-host.ts';
import { checkValue, type ValueProblem } from './check-value.ts';
import { pathOf } from './origins.ts';

/**
 * Compares the variables that a component declares with what its templates see on a host. A value that cannot be had is
 * no problem here: the template that asks for it says so.
 */
export function checkDeclarations(on: ComponentOnHost): void {
  const { declarations } = on.component;
  for (const [name, declaration] of Object.entries(declarations?.content ?? {})) {
    // An account for each variable: one that takes too much says nothing of the others.
    counted(DEFAULT_LIMITS, () => checkVariable(name, declaration, on));
  }
}

/**
 * Of each declaration with a pattern that takes too long: what is told of the first host of a cluster where it does. It
 * is told of the others too, and none is compared: that could take hours. The same is told, then, whichever were before.
 */
export type TooSlow = Map<Declaration, Diagnostic>;

function checkVariable(name: string, declaration: Declaration, on: ComponentOnHost): void {
  const { component, host, scope, report } = on;
  const written = scope.get(name);
  if (written !== undefined && isKnownGood(written, declaration)) return;
  const declared = (path: readonly string[]) => component.declarations!.placeOf([name, ...path]);
  const value = givenValue(name, on);
  if (value === undefined) {
    if (!declaration.required) return;
    const { hint } = declaration;
    const message = `\`${name}\` is required on hosts of component ${component.name}, and has no value`;
    report(
      diagnose('check/missing-value', {
        place: declared([]),
        message,
        ...(hint !== undefined && { hint }),
        hosts: [host.host],
      }),
    );
    return;
  }
  const slow = on.tooSlow.get(declaration);
  if (slow) {
    report(slow);
    return;
  }
  const problems = problemsOf(value, declaration);
  if (problems instanceof LimitError) {
    const wrong = diagnose('check/wrong-value', {
      place: declared([]),
      message: `\`${name}\` cannot be compared with its declaration: ${problems.message}`,
      ...(declaration.hint !== undefined && { hint: declaration.hint }),
      hosts: [host.host],
    });
    on.tooSlow.set(declaration, wrong);
    report(wrong);
    return;
  }
  if (problems.length === 0 && written !== undefined) noteGood(written, declaration);
  for (const { part, declaration: path, message, hint } of problems) {
    const own = placeOfPart(scope.settingsOf(name), part);
    const place = own ?? declared(path);
    report(
      diagnose('check/wrong-value', {
        place,
        message: `\`${pathOf(name, part)}\` ${message}`,
        ...(hint !== undefined && { hint }),
        ...(own && { related: [{ place: declared(path), message: 'it is declared here' }] }),
        hosts: [host.host],
      }),
    );
  }
}

/**
 * Declaration → values as written, without a template in them, that are what it says. Hosts share the values of their
 * groups, and most hosts have the same ones: each is looked at once.
 */
const known = new WeakMap<Declaration, Set<Value>>();

function isKnownGood(written: Value, declaration: Declaration): boolean {
  return known.get(declaration)?.has(written) ?? false;
}

function noteGood(written: Value, declaration: Declaration): void {
  if (holdsTemplate(written)) return;
  const values = known.get(declaration);
  if (values) values.add(written);
  else known.set(declaration, new Set([written]));
}

/** Whether any text of a value may be a template. */
function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{') || value.startsWith('#jinja2:');
  if (Array.isArray(value)) return value.some(holdsTemplate);
  if (value instanceof Dict) return [...value].some(([, item]) => holdsTemplate(item));
  return value instanceof Tuple && value.items.some(holdsTemplate);
}

/** Undefined where nothing sets the variable, or its value cannot be had. */
function givenValue(name: string, { templar }: ComponentOnHost): Value | undefined {
  try {
    const value = templar.get(name);
    return value instanceof Undefined ? undefined : value;
  } catch (error) {
    if (error instanceof JinjaError) return undefined;
    throw error;
  }
}

/** What is wrong in a value; the error, where it takes too long to tell, by a pattern that backtracks without end. */
function problemsOf(value: Value, declaration: Declaration): ValueProblem[] | LimitError {
  try {
    return checkValue(value, declaration);
  } catch (error) {
    if (error instanceof LimitError) return error;
    if (!(error instanceof JinjaError)) throw error;
    const message = `cannot be compared with its declaration: ${error.message}`;
    return [{ part: [], declaration: [], message, hint: declaration.hint }];
  }
}
