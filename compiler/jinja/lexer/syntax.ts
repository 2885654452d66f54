import { SPACE } from '../values/text.ts';

/** The options that decide how a source is cut into tokens; Jinja's names. */
export interface Syntax {
  readonly blockStartString: string;
  readonly blockEndString: string;
  readonly variableStartString: string;
  readonly variableEndString: string;
  readonly commentStartString: string;
  readonly commentEndString: string;
  readonly lineStatementPrefix: string | undefined;
  readonly lineCommentPrefix: string | undefined;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly newlineSequence: '\n' | '\r\n' | '\r';
  readonly keepTrailingNewline: boolean;
}

/** The compiled expressions of a Syntax, each to be tried at lastIndex. */
export interface Rules {
  /** The next tag after some text; the group that matched tells which. */
  readonly tag: RegExp;
  readonly commentEnd: RegExp;
  readonly blockEnd: RegExp;
  readonly variableEnd: RegExp;
  readonly lineStatementEnd: RegExp;
  readonly rawEnd: RegExp;
}

export const DEFAULT_SYNTAX: Syntax = {
  blockStartString: '{%',
  blockEndString: '%}',
  variableStartString: '{{',
  variableEndString: '}}',
  commentStartString: '{#',
  commentEndString: '#}',
  lineStatementPrefix: undefined,
  lineCommentPrefix: undefined,
  trimBlocks: false,
  lstripBlocks: false,
  newlineSequence: '\n',
  keepTrailingNewline: false,
};

const LINE_START = '(?:(?<![\\s\\S])|(?<=\\n))';
const LINE_END = '(?:(?![\\s\\S])|(?=\\n))';

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

const compiled = new WeakMap<Syntax, Rules>();

/** The expressions of a Syntax, compiled once for each record. */
export function rulesOf(syntax: Syntax): Rules {
  const known = compiled.get(syntax);
  if (known) return known;
  const rules = compileRules(syntax);
  compiled.set(syntax, rules);
  return rules;
}

function compileRules(syntax: Syntax): Rules {
  const space = `[${SPACE}]*`;
  const block = literal(syntax.blockStartString);
  const blockEnd = literal(syntax.blockEndString);
  const commentEnd = literal(syntax.commentEndString);
  const variableEnd = literal(syntax.variableEndString);
  const trim = syntax.trimBlocks ? '\\n?' : '';
  const closing = `(?:\\+${blockEnd}|-${blockEnd}${space}|${blockEnd}${trim})`;
  const raw = `(?<raw>${block}([-+]?)${space}raw${space}(?:-${blockEnd}${space}|${blockEnd}))`;
  return {
    tag: new RegExp(
      [raw, ...tagRules(syntax).map(([name, rule]) => `(?<${name}>${rule}([-+]?))`)].join('|'),
      'g',
    ),
    commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}${space}|${commentEnd}${trim}`, 'g'),
    blockEnd: new RegExp(closing, 'y'),
    variableEnd: new RegExp(`-${variableEnd}${space}|${variableEnd}`, 'y'),
    lineStatementEnd: new RegExp(`${space}(?:\\n|${LINE_END})`, 'y'),
    rawEnd: new RegExp(`${block}([-+]?)${space}endraw${space}${closing}`, 'g'),
  };
}

/** The starts of tags, the longest first, so that `<%=` wins over `<%`; of equal length in Jinja's order. */
function tagRules(syntax: Syntax): [string, string][] {
  const rules: [number, string, string][] = [
    [syntax.commentStartString.length, 'comment', literal(syntax.commentStartString)],
    [syntax.blockStartString.length, 'block', literal(syntax.blockStartString)],
    [syntax.variableStartString.length, 'variable', literal(syntax.variableStartString)],
  ];
  const { lineStatementPrefix: statement, lineCommentPrefix: comment } = syntax;
  if (statement !== undefined) {
    rules.push([statement.length, 'linestatement', `${LINE_START}[ \\t\\v]*${literal(statement)}`]);
  }
  if (comment !== undefined) {
    const blanks = `(?:(?![\\r\\n])[${SPACE}])*`;
    rules.push([
      comment.length,
      'linecomment',
      `(?:${LINE_START}|(?<=[^${SPACE}]))${blanks}${literal(comment)}`,
    ]);
  }
  rules.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1));
  return rules.map(([, name, rule]) => [name, rule]);
}
