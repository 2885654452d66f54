import type { Declaration } from '../../1-load/declaration.ts';
import { placeOfPart } from '../../ansible/yaml/place-of-part.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import { counted, DEFAULT_LIMITS, JinjaError, Undefined, type Value } from '../../jinja/jinja.ts';
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

function checkVariable(name: string, declaration: Declaration, on: ComponentOnHost): void {
  const { component, host, scope, report } = on;
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
  for (const { part, declaration: path, message, hint } of problemsOf(value, declaration)) {
    const place = placeOfPart(scope.settingsOf(name), part) ?? declared(path);
    report(
      diagnose('check/wrong-value', {
        place,
        message: `\`${pathOf(name, part)}\` ${message}`,
        ...(hint !== undefined && { hint }),
        related: [{ place: declared(path), message: 'it is declared here' }],
        hosts: [host.host],
      }),
    );
  }
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

/** A value that takes too long to compare, by a pattern that backtracks without end, is wrong too. */
function problemsOf(value: Value, declaration: Declaration): ValueProblem[] {
  try {
    return checkValue(value, declaration);
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const message = `cannot be compared with its declaration: ${error.message}`;
    return [{ part: [], declaration: [], message, hint: declaration.hint }];
  }
}
