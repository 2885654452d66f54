import type { Expressions, Rule } from '../../1-load/rule.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import { asText, counted, DEFAULT_LIMITS, JinjaError, str, type Value } from '../../jinja/jinja.ts';
import { around, type ComponentOnHost } from '../component-on-host.ts';
import { renderProblem } from '../render-problem.ts';
import { numberIn } from './check-value.ts';

/** What one component's rules.yml says of a rule, on one host. */
export interface RulePart {
  readonly name: string;
  readonly rule: Rule;
  /** The place of the rule, or of a part of it, by its path. */
  readonly placeOf: (path: Path) => Place;
  readonly on: ComponentOnHost;
}

type Path = readonly (string | number)[];

/** An expression of a rule, and its path in it. */
export interface RuleExpression {
  readonly text: string;
  readonly path: Path;
}

/** A value that counts for a rule. */
export interface Term {
  readonly part: RulePart;
  readonly role: string;
  readonly expression: string;
  readonly value: Value;
}

/** The kinds of rules that count what roles say. */
export type CountingKind = 'unique' | 'sum';

/** An expression as a template that gives its value. */
export function asTemplate(expression: string): string {
  return `{{ ${expression} }}`;
}

/** Whether an expression is true, as Ansible's `when` has it; undefined, with the problem reported, where it fails. */
export function holds({ text, path }: RuleExpression, part: RulePart): boolean | undefined {
  const value = evaluate(`{% if (${text}) %}True{% else %}False{% endif %}`, part, path);
  return value === undefined ? undefined : value === true;
}

/** Whether a rule counts on its host. */
export function applies(part: RulePart): boolean {
  return expressionsAt(['when'], part.rule.when).every((expression) => holds(expression, part) === true);
}

/**
 * What the roles of the host have to say, item by item; None and empty texts are no values. What cannot be compared, for
 * it is a secret, is reported and left out.
 */
export function termsOf(part: RulePart, kind: CountingKind): Term[] {
  const roles = new Set(part.on.host.groupNames);
  return Object.entries(part.rule[kind] ?? {}).flatMap(([role, expressions]) => {
    if (!roles.has(role)) return [];
    return expressionsAt([kind, role], expressions).flatMap(({ text: expression, path }) => {
      const value = evaluate(asTemplate(expression), part, path) ?? null;
      const items = Array.isArray(value) ? value : [value];
      return items
        .filter((item) => item !== null && asText(item) !== '' && isComparable(item, part, path))
        .map((item) => ({ part, role, expression, value: item }));
    });
  });
}

/** The number that the most of a sum may be; undefined, with the problem reported, where it is none. */
export function mostOf(part: RulePart): number | undefined {
  const path = ['max'];
  const value = evaluate(asTemplate(String(part.rule.max)), part, path);
  if (value === undefined || !isComparable(value, part, path)) return undefined;
  const number = Number(numberIn(value));
  if (!Number.isNaN(number)) return number;
  const shown = str(value);
  const message = `\`max\` of the rule \`${part.name}\` must be a number, and is ${shown === '' ? 'empty' : shown.slice(0, LONGEST)}`;
  part.on.report(
    diagnose('check/broken-rule', {
      place: part.placeOf(path),
      message,
      hint: 'correct `max`, or the variables that it is made of',
      hosts: [part.on.host.host],
    }),
  );
  return undefined;
}

const LONGEST = 60;

/** What a rule says of itself where it does not hold. */
export function failText({ name, rule, on }: RulePart): string {
  const { fail_msg: text } = rule;
  if (text === undefined) return `the rule \`${name}\` does not hold`;
  try {
    return str(counted(DEFAULT_LIMITS, () => on.templar.template(text)));
  } catch (error) {
    if (error instanceof JinjaError) return text;
    throw error;
  }
}

function evaluate(template: string, part: RulePart, path: Path): Value | undefined {
  return attempt(() => part.on.templar.template(template), part, path);
}

function isComparable(value: Value, part: RulePart, path: Path): boolean {
  return attempt(() => str(value), part, path) !== undefined;
}

/** Undefined, with the problem reported, where it fails. */
function attempt<T extends Value>(make: () => T, { on, placeOf }: RulePart, path: Path): T | undefined {
  try {
    return counted(DEFAULT_LIMITS, make);
  } catch (error) {
    on.report(renderProblem(error, around(on, placeOf(path))));
    return undefined;
  }
}

/** The expressions at a path of a rule, each with its own. */
export function expressionsAt(path: Path, expressions: Expressions | undefined): RuleExpression[] {
  if (expressions === undefined) return [];
  if (!Array.isArray(expressions)) return [{ text: String(expressions), path }];
  return expressions.map((one, index) => ({ text: String(one), path: [...path, index] }));
}
