import { locate } from '../../jinja/errors.ts';
import { type EnvironmentOptions, LimitError, str } from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';
import { literalEval } from '../literal-eval.ts';

/** Characters of a setting; delimiters become parts of regular expressions. */
const LONGEST = 100;

const HEADER = '#jinja2:';

/** What the first line of a template may set; the names are Jinja's. */
const SETTINGS: Readonly<Record<string, keyof EnvironmentOptions>> = {
  block_start_string: 'blockStartString',
  block_end_string: 'blockEndString',
  variable_start_string: 'variableStartString',
  variable_end_string: 'variableEndString',
  comment_start_string: 'commentStartString',
  comment_end_string: 'commentEndString',
  line_statement_prefix: 'lineStatementPrefix',
  line_comment_prefix: 'lineCommentPrefix',
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  newline_sequence: 'newlineSequence',
  keep_trailing_newline: 'keepTrailingNewline',
};

export interface Overridden {
  /** The source without its header. */
  readonly source: string;
  /** How many lines the header took. */
  readonly lines: number;
  readonly options: EnvironmentOptions;
}

/**
 * Reads the `#jinja2: trim_blocks: False, …` line that a template may begin with. Unknown settings mean nothing.
 * @throws JinjaError with the place in the template `name`
 */
export function readOverrides(source: string, name?: string): Overridden {
  try {
    return readHeader(source);
  } catch (error) {
    throw locate(error, { name, source }, { offset: 0, entered: undefined });
  }
}

function readHeader(source: string): Overridden {
  if (!source.startsWith(HEADER)) return { source, lines: 0, options: {} };
  const end = source.indexOf('\n');
  // Without a second line Ansible drops the header's last character and renders the header itself.
  const header = source.slice(HEADER.length, end);
  const options: Record<string, unknown> = {};
  for (const pair of header.split(',')) {
    const colon = pair.indexOf(':');
    if (colon === -1) {
      throw new AnsibleError(
        `failed to parse jinja2 override '${pair.trim()}'. Did you use something different from colon as key-value separator?`,
      );
    }
    const name = pair.slice(0, colon).trim();
    const text = pair.slice(colon + 1).trim();
    const option = Object.hasOwn(SETTINGS, name) ? SETTINGS[name]! : undefined;
    if (option === undefined) continue;
    if (text.length > LONGEST) {
      throw new LimitError('maxString', `a jinja2 override of more than ${LONGEST} characters`);
    }
    const literal = literalEval(text);
    if (literal.kind !== 'value')
      throw new AnsibleError(`the value of the jinja2 override '${name}' is no literal: ${text}`);
    const flag = option === 'trimBlocks' || option === 'lstripBlocks' || option === 'keepTrailingNewline';
    options[option] = flag ? Boolean(literal.value) : literal.value === null ? undefined : str(literal.value);
  }
  return { source: end === -1 ? source : source.slice(end + 1), lines: end === -1 ? 0 : 1, options };
}

/**
 * Whether the delimiters of variables are others: Ansible then looks for them in the first text that it templates
 * within, though that one has its usual ones.
 */
export function changesVariables({
  variableStartString: start = '{{',
  variableEndString: end = '}}',
}: EnvironmentOptions): boolean {
  return start !== '{{' || end !== '}}';
}
