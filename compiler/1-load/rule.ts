import * as z from 'zod';
import { NAME } from '../contract/names.ts';
import { NAME_WORDS } from './name-words.ts';

const name = z.string().regex(NAME, NAME_WORDS);

const NO_BRACES = 'an expression without braces';

/** An expression of Jinja, without braces; YAML reads some as what they are. */
const expression = z.union(
  [z.string().refine((text) => !/\{[{%]/.test(text), NO_BRACES), z.boolean(), z.number()],
  {
    error: NO_BRACES,
  },
);

/** A list of expressions is one and all. */
const expressions = z.union([expression, z.array(expression).min(1)], {
  error: 'an expression without braces, or a list of them',
});
export type Expressions = z.infer<typeof expressions>;

/** What each role has to say: counted on the hosts that have the role. A list's items count one by one. */
const byRole = z.record(name, expressions);

/** What must hold, in the words of Ansible's `assert` where it has them. */
const Rule = z
  .strictObject({
    /** Of what it speaks: of each host alone, or of all hosts of a cluster together. */
    scope: z.enum(['host', 'cluster']).default('host'),
    /** The rule counts where this holds. */
    when: expressions.optional(),
    /** Must be true. Of a cluster, it is asked of the first host that has a role of the component. */
    that: expressions.optional(),
    /** No value may come twice. */
    unique: byRole.optional(),
    /** All of it together may be at most `max`. */
    sum: byRole.optional(),
    max: expression.optional(),
    /** What is wrong where it does not hold; may be a template. */
    fail_msg: z.string().optional(),
    hint: z.string().optional(),
  })
  .superRefine((rule, context) => {
    const kinds = KINDS.filter((kind) => rule[kind] !== undefined);
    const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (kinds.length !== 1) issue([], 'a rule with one of that, unique and sum');
    if (rule.max !== undefined && rule.sum === undefined) issue(['max'], 'left out, or stand beside `sum`');
  });
export type Rule = z.infer<typeof Rule>;

export const KINDS = ['that', 'unique', 'sum'] as const;

/** templates/<component>/rules.yml: rules by name. `unique` and `sum` of one name in several components are one rule. */
export const RulesFile = z.record(name, Rule);
export type RulesFile = z.infer<typeof RulesFile>;
