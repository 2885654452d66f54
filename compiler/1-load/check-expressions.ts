import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { linesOf } from '../diagnostics/line-ends.ts';
import { Environment, expressionTree, JinjaError, templateTree } from '../jinja/jinja.ts';
import { placeInText } from './place-in-text.ts';
import { type Expressions, KINDS, type Rule, type RulesFile } from './rule.ts';
import { pathText, placeAt, type YamlSource } from './yaml-source.ts';

/** Jinja in a rule, and where it stands. */
interface Jinja {
  readonly path: readonly (string | number)[];
  readonly text: string;
  /** What it is parsed as. */
  readonly as: 'an expression' | 'a template';
}

/** The rules whose Jinja can be parsed, and a problem for every text of the others that cannot: no host need ask it. */
export function checkExpressions(
  rules: RulesFile,
  { source, text }: { readonly source: YamlSource; readonly text: string },
): Outcome<RulesFile> {
  const lines = linesOf(text);
  const environment = new Environment({ trimBlocks: true });
  const diagnostics: Diagnostic[] = [];
  const good = Object.entries(rules).filter(([name, rule]) => {
    const problems = jinjaOf(rule).flatMap(({ path, text: jinja, as }) => {
      const error = problemOf(jinja, as, environment);
      if (!error) return [];
      const key = placeAt(source, [name, ...path]);
      const place = placeInText({ lines, key, path, text: jinja }, error.place) ?? key;
      const message = `\`${pathText([name, ...path])}\` is not ${as} of Jinja: ${reasonOf(error)}`;
      return diagnose('load/bad-jinja', { place, message });
    });
    diagnostics.push(...problems);
    return problems.length === 0;
  });
  return { value: Object.fromEntries(good), diagnostics };
}

function problemOf(text: string, as: Jinja['as'], environment: Environment): JinjaError | undefined {
  try {
    if (as === 'a template') templateTree(environment, text);
    else expressionTree(environment, text);
    return undefined;
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
}

/** In the words of someone who reads the expression alone. */
function reasonOf({ message }: JinjaError): string {
  return message
    .replace(/^chunk after expression$/, 'it is over before what stands here')
    .replace(/^unexpected '?end of template'?/, 'it ends too early')
    .replace(/\.$/, '');
}

function jinjaOf(rule: Rule): Jinja[] {
  const found = [
    ...expressionsAt(['when'], rule.when),
    ...expressionsAt(['max'], rule.max),
    ...KINDS.flatMap((kind) => {
      if (kind === 'that') return expressionsAt([kind], rule.that);
      return Object.entries(rule[kind] ?? {}).flatMap(([role, of]) => expressionsAt([kind, role], of));
    }),
  ];
  const { fail_msg: text } = rule;
  if (text !== undefined) found.push({ path: ['fail_msg'], text, as: 'a template' });
  return found;
}

function expressionsAt(path: Jinja['path'], expressions: Expressions | undefined): Jinja[] {
  if (expressions === undefined) return [];
  const as = 'an expression';
  if (!Array.isArray(expressions)) return [{ path, text: String(expressions), as }];
  return expressions.map((one, index) => ({ path: [...path, index], text: String(one), as }));
}
