import type { z } from 'zod';
import { type Templar, textOf } from '../ansible/ansible.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { around, type ComponentOnHost } from './component-on-host.ts';
import { renderProblem } from './render-problem.ts';

/** Where a part of component.yml stands in it: keys and indexes. */
export type PartPath = readonly (string | number)[];

interface Part<T> {
  readonly value: T;
  readonly path: PartPath;
  /** Where not the component's own: a templar that sees more. */
  readonly templar?: Templar;
}

/**
 * A part of component.yml with each string in it rendered (keys are left alone); undefined, with the problems reported
 * at their places, where one of them can't be rendered.
 */
export function renderPart<T>(part: Part<T>, on: ComponentOnHost): T | undefined {
  let failed = false;
  const templar = part.templar ?? on.templar;
  const visit = (value: unknown, path: PartPath): unknown => {
    if (typeof value === 'string') {
      if (!/\{[{%#]/.test(value)) return value;
      try {
        const text = textOf(templar.template(value));
        if (text.isWellFormed()) return text;
        failed = true;
        on.report(halfOfPair(text, on.component.placeOf(path), on));
        return undefined;
      } catch (error) {
        failed = true;
        on.report(renderProblem(error, around(on, on.component.placeOf(path))));
        return undefined;
      }
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  const rendered = visit(part.value, part.path) as T;
  return failed ? undefined : rendered;
}

/**
 * What a rendered part must be to stand in a manifest; undefined, with a problem reported at the place of each wrong
 * value, where it is not.
 */
export function checkPart<S extends z.ZodType>(
  schema: S,
  part: Part<unknown>,
  on: ComponentOnHost,
): z.output<S> | undefined {
  const result = schema.safeParse(part.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    const value = path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      part.value,
    );
    on.report(
      diagnose('render/bad-value', {
        place: on.component.placeOf([...part.path, ...path]),
        message: `${path.join('.') || 'the value'} rendered to ${JSON.stringify(value)}: ${issue.message}`,
        hosts: [on.host.host],
      }),
    );
  }
  return undefined;
}

/** No manifest has a form for it. */
function halfOfPair(text: string, place: Place, { host }: ComponentOnHost): Diagnostic {
  const message = `the value rendered to ${JSON.stringify(text)}: half of a surrogate pair is no character`;
  return diagnose('render/bad-value', { place, message, hosts: [host.host] });
}
