import type { Expressions, Rule } from '../../1-load/rule.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { asText, counted, DEFAULT_LIMITS, JinjaError, str, type Value } from '../../jinja/jinja.ts';
import { around, type ComponentOnHost } from '../component-on-host.ts';
import { renderProblem } from '../render-problem.ts';
import { numberIn } from './check-value.ts';

/** What one component's rules.yml says of a rule, on one host. */
export interface RulePart {
  readonly name: string;
  readonly rule: Rule;
  readonly place: Place;
  readonly on: ComponentOnHost;
}

/** A value that counts for a rule. */
export interface Term {
  readonly part: RulePart;
  readonly role: string;
  readonly expression: string;
  readonly value: Value;
}

/** An expression as a template that gives its value. */
export function asTemplate(expression: string): string {
  return `{{ ${expression} }}`;
}

/** Whether an expression is true, as Ansible's `when` has it; undefined, with the problem reported, where it fails. */
export function holds(expression: string, part: RulePart): boolean | undefined {
  const value = evaluate(`{% if ${expression} %}True{% else %}False{% endif %}`, part);
  return value === undefined ? undefined : value === true;
}

/** Whether a rule counts on its host. */
export function applies(part: RulePart): boolean {
  return listed(part.rule.when).every((expression) => holds(expression, part) === true);
}

/** What the roles of the host have to say, item by item; None and empty texts are no values. */
export function termsOf(part: RulePart, byRole: NonNullable<Rule['unique']>): Term[] {
  const roles = new Set(part.on.host.groupNames);
  return Object.entries(byRole).flatMap(([role, expressions]) => {
    if (!roles.has(role)) return [];
    return listed(expressions).flatMap((expression) => {
      const value = evaluate(asTemplate(expression), part) ?? null;
      const items = Array.isArray(value) ? value : [value];
      return items
        .filter((item) => item !== null && asText(item) !== '')
        .map((item) => ({ part, role, expression, value: item }));
    });
  });
}

/** The number that an expression gives; undefined, with the problem reported, where it is none. */
export function numberOf(expression: string, part: RulePart): number | undefined {
  const value = evaluate(asTemplate(expression), part);
  if (value === undefined) return undefined;
  const number = numberIn(value);
  return number === undefined ? undefined : Number(number);
}

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

function evaluate(template: string, { on, place }: RulePart): Value | undefined {
  try {
    return counted(DEFAULT_LIMITS, () => on.templar.template(template));
  } catch (error) {
    on.report(renderProblem(error, around(on, place)));
    return undefined;
  }
}

/** Expressions as texts. */
export function listed(expressions: Expressions | undefined): string[] {
  return (Array.isArray(expressions) ? expressions : [expressions ?? []]).flat().map(String);
}
