import type { Rule } from '../../1-load/rule.ts';
import type { Workspace } from '../../1-load/workspace.ts';
import type { ClusterInventory } from '../../2-resolve/inventory.ts';
import type { Related } from '../../contract/diagnostic.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import { str } from '../../jinja/jinja.ts';
import type { ComponentOnHost } from '../component-on-host.ts';
import { numberIn } from './check-value.ts';
import { type Origin, Origins, settingsFirst } from './origins.ts';
import {
  applies,
  asTemplate,
  expressionsAt,
  failText,
  holds,
  mostOf,
  type RuleExpression,
  type RulePart,
  type Term,
  termsOf,
} from './rule-part.ts';

/** Places that are shown with one problem. */
const MAX_ORIGINS = 8;

/** Checks the rules of components on the hosts of one cluster. */
export class ClusterRules {
  readonly #cluster: ClusterInventory;
  readonly #origins: Origins;

  constructor(cluster: ClusterInventory, workspace: Workspace) {
    this.#cluster = cluster;
    this.#origins = new Origins(cluster, workspace);
  }

  /** The rules of scope `host`, for the components of one host. */
  checkHost(components: readonly ComponentOnHost[]): void {
    this.#check(components.flatMap((on) => partsOf(on, 'host')));
  }

  /** The rules of scope `cluster`, for the components of all of its hosts. */
  checkCluster(components: readonly ComponentOnHost[]): void {
    const asked = new Set<string>();
    const parts = components.flatMap((on) => {
      const isFirst = !asked.has(on.component.name);
      asked.add(on.component.name);
      return partsOf(on, 'cluster').filter(({ rule }) => isFirst || rule.that === undefined);
    });
    this.#check(parts);
  }

  #check(parts: readonly RulePart[]): void {
    const counting = parts.filter(applies);
    for (const part of counting)
      for (const expression of expressionsAt(['that'], part.rule.that)) this.#that(expression, part);
    for (const same of byName(counting, 'unique')) this.#unique(same);
    for (const same of byName(counting, 'sum')) this.#sum(same);
  }

  #that(expression: RuleExpression, part: RulePart): void {
    if (holds(expression, part) !== false) return;
    const { text } = expression;
    this.#report(part, `\`${text}\` is false`, this.#origins.of(asTemplate(text), part.on));
  }

  #unique(parts: readonly RulePart[]): void {
    const terms = parts.flatMap((part) => termsOf(part, 'unique'));
    for (const [value, same] of Map.groupBy(terms, ({ value: one }) => str(one).trim())) {
      if (same.length < 2) continue;
      const shown = same.slice(0, MAX_ORIGINS);
      const more = same.length - shown.length;
      const users = [...shown.map((term) => this.#termText(term)), ...(more > 0 ? [`${more} more`] : [])];
      const origins = shown.map((term) => this.#originsOf(term));
      // What each of the values is set by comes before what they were made of.
      const first = settingsFirst(origins.flatMap((of) => of.slice(0, 1)));
      this.#report(
        tellerOf(parts),
        `${value} is ${users.join(' and ')}`,
        [...first, ...origins.flat()],
        same,
      );
    }
  }

  #sum(parts: readonly RulePart[]): void {
    const limits = parts.filter(({ rule }) => rule.max !== undefined);
    const [first] = limits;
    if (!first) return;
    const terms = parts
      .flatMap((part) => termsOf(part, 'sum'))
      .map((term) => ({ ...term, number: numberIn(term.value) }));
    const wrong = terms.find(({ number }) => number === undefined || Number.isNaN(number));
    if (wrong) {
      this.#report(wrong.part, `${this.#termText(wrong)} is no number`, this.#originsOf(wrong));
      return;
    }
    const total = terms.reduce((sum, { number }) => sum + Number(number), 0);
    for (const limit of limits) {
      const max = mostOf(limit);
      if (max === undefined || total <= max) continue;
      const summands = terms.map((term) => `${term.number} ${this.#termText(term)}`);
      const shown = summands.slice(0, 2 * MAX_ORIGINS);
      if (summands.length > shown.length) shown.push(`${summands.length - shown.length} more`);
      const origins = settingsFirst([
        ...terms.flatMap((term) => this.#originsOf(term).slice(0, 1)),
        ...this.#origins.of(asTemplate(String(limit.rule.max)), limit.on),
      ]);
      this.#report(
        tellerOf([limit, ...parts]),
        `${total} is more than ${max}: ${shown.join(' + ')}`,
        origins,
      );
    }
  }

  #originsOf({ expression, part }: Term): Origin[] {
    return this.#origins.of(asTemplate(expression), part.on);
  }

  #termText({ expression, role, part }: Term): string {
    const on = part.rule.scope === 'cluster' ? ` on ${part.on.host.host}` : '';
    return `\`${expression}\` (${role}${on})`;
  }

  #report(part: RulePart, detail: string, origins: readonly Origin[], terms: readonly Term[] = []): void {
    const { rule, on, name } = part;
    const { type, cluster } = this.#cluster;
    const ofCluster = rule.scope === 'cluster';
    const where = ofCluster ? ` in cluster ${type}/${cluster}` : '';
    const [first, ...others] = [...new Map(origins.map((origin) => [keyOf(origin), origin])).values()];
    const related = others.slice(0, MAX_ORIGINS).map((origin): Related => {
      return { place: origin.place, message: `\`${origin.name}\` is set here` };
    });
    if (first) related.push({ place: part.placeOf([]), message: `the rule \`${name}\`` });
    const hosts = ofCluster
      ? [...new Set(terms.map((term) => term.part.on.host.host))].sort()
      : [on.host.host];
    on.report(
      diagnose('check/broken-rule', {
        place: first?.place ?? part.placeOf([]),
        message: `${failText(part)}${where}: ${detail}`,
        ...(rule.hint !== undefined && { hint: rule.hint }),
        ...(related.length > 0 && { related }),
        ...(hosts.length > 0 && { hosts }),
      }),
    );
  }
}

function keyOf({ place, name }: Origin): string {
  return `${place.file}:${place.line}:${place.column} ${name}`;
}

function partsOf(on: ComponentOnHost, scope: Rule['scope']): RulePart[] {
  const { rules } = on.component;
  return Object.entries(rules?.content ?? {}).flatMap(([name, rule]) =>
    rule.scope === scope
      ? { name, rule, placeOf: (path: readonly (string | number)[]) => rules!.placeOf([name, ...path]), on }
      : [],
  );
}

/** Of the parts of one rule, the one that has something to say. */
function tellerOf(parts: readonly RulePart[]): RulePart {
  return parts.find(({ rule }) => rule.fail_msg !== undefined) ?? parts[0]!;
}

/** The parts of each rule of a kind: a name in several components is one rule. */
function byName(parts: readonly RulePart[], kind: 'unique' | 'sum'): RulePart[][] {
  const ofKind = parts.filter(({ rule }) => rule[kind] !== undefined);
  return [...Map.groupBy(ofKind, ({ name }) => name).values()];
}
