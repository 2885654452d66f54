import { mayBeTemplate } from '../../ansible/templar/raw-values.ts';

/** An edit of one line that is tried: what comes of it is what such an edit may change. */
export interface Trial {
  readonly text: string;
  /** Whether it only alters the value on the line. */
  readonly altersValue: boolean;
}

/** A name that no file has: what a line with it changes, a line with any other unused name does. */
export const FRESH = 'khp_tried_name';

const VALUES = [
  FRESH,
  '',
  '918273',
  '-918273',
  `[${FRESH}]`,
  `{ ${FRESH}: 1 }`,
  // What lines below belong to keeps them in these alone; one of the two differs from what is there.
  '|',
  '>-',
  `"${FRESH}`,
  `'${FRESH}`,
  `[${FRESH}`,
  `&${FRESH} 1`,
];

/** A text that cannot be evaluated: a mapping with it in it is undefined as a whole. */
const FAILING = `"{{ ${FRESH} }}"`;

/** Values that Python does not read back from their texts: one makes a text of every mapping that goes through its own. */
const NO_LITERAL = { yaml: '.nan', ini: '1e999' };

/** Edits of a line (from 1) of a YAML file: of each kind, one for all that read alike. */
export function yamlTrials(source: string, line: number): Trial[] {
  const lines = source.split('\n');
  const old = lines[line - 1] ?? '';
  const body = old.trimStart();
  const indent = old.slice(0, old.length - body.length);
  const replaced = (text: string): string => lines.with(line - 1, text).join('\n');
  const { head: start, value } = headOf(body);
  // Behind a colon at the end of a line a value needs a space.
  const head = /[:-]$/.test(start) ? `${start} ` : start;
  const isComment = body === '' || body.startsWith('#');
  const whole = isComment
    ? []
    : [...VALUES, ...otherCiphertext(value)].map((one) => `${indent}${head}${one}`);
  // The values on the line of a mapping in braces are those within; its keys are names.
  const inBraces = value.startsWith('{');
  const { keys, words } = replaceWords(value);
  const values = [...words, ...mistyped(value)].map((one) => `${indent}${head}${one}`);
  const altered = [...(inBraces ? [] : whole), ...values].map((text) => ({
    text: replaced(text),
    altersValue: true,
  }));
  const indents = indentsAround(lines, line);
  const added = indents.flatMap((spaces) =>
    [`${FRESH}: 1`, `${FRESH}: ${FAILING}`, `- ${FRESH}`, FRESH, `# ${FRESH}`].map((text) =>
      [old, spaces + text].join('\n'),
    ),
  );
  // In braces and brackets that go on for lines, where indentation says nothing.
  const entries = [FRESH, `${FRESH}: 1`, FAILING, `${FRESH}: ${FAILING}`].flatMap((one) => [
    `${one},`,
    `, ${one}`,
  ]);
  added.push(...entries.flatMap((one) => [`${old}\n${indent}${one}`, `${indent}${one} ${body}`]));
  const moved = indents.map((spaces) => spaces + body);
  const names = replaceWords(head);
  const renamed = [...names.keys, ...names.words].map((one) => indent + one + value);
  renamed.push(...(inBraces ? whole : []), ...keys.map((one) => `${indent}${head}${one}`));
  const odds = [NO_LITERAL.yaml, FAILING];
  const odd = isComment ? [] : [...odds, ...replaceWords(value, odds).words];
  renamed.push(...odd.map((one) => `${indent}${head}${one}`));
  const removed = lines.toSpliced(line - 1, 1).join('\n');
  const others = [`#${old}`, '', `${indent}# ${body}`, ...moved, ...renamed, ...added].map(replaced);
  return [...altered, ...[removed, ...others].map((text) => ({ text, altersValue: false }))];
}

/** Who alters a template may mistype a name in it: of a value each template, and all of one that is not in braces. */
function mistyped(value: string): string[] {
  if (!mayBeTemplate(value)) return [];
  const quoted = Array.from(value.matchAll(/"[^"]*"|'[^']*'/g), ([text]) => text).filter(mayBeTemplate);
  const whole = /^\{[^{%#]/.test(value) ? [] : [FAILING];
  return [...whole, ...quoted.map((text) => value.replace(text, () => FAILING))];
}

/** A line of base64 with one character changed, so that it still is one: behind the header, whose characters are given. */
function otherCiphertext(value: string): string[] {
  if (!/^[A-Za-z0-9+/]+={0,2}\s*$/.test(value)) return [];
  const at = value.length > 32 ? 32 : 0;
  return [`${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`];
}

/** What stands before the value of a line: `- `, `key: `; all of a line that has neither is value. */
function headOf(body: string): { head: string; value: string } {
  const match =
    /^((?:-(?: +|$))*(?:(?:"[^"]*"|'[^']*'|[^\s#:'"{[&*!|>%@`-][^:#]*|-[^\s:#][^:#]*):(?:\s+|$))?)(.*)$/s.exec(
      body,
    );
  return match ? { head: match[1]!, value: match[2]! } : { head: '', value: body };
}

/** What is empty can be filled: it is a word too. */
const WORD = /\[\s*\]|\{\s*\}|""|''|[^\s,{}[\]"':]+/g;

/** The text with one of its words replaced, for each; apart from the others the words that are keys. */
function replaceWords(
  text: string,
  by: readonly string[] = [FRESH, `[${FRESH}]`, `{ ${FRESH}: 1 }`],
): { keys: string[]; words: string[] } {
  const keys: string[] = [];
  const words: string[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const after = text.slice(index + word.length);
    const others = by.map((one) => text.slice(0, index) + one + after);
    if (/^["']?:(?:\s|$)/.test(after)) keys.push(others[0]!);
    else words.push(...others);
  }
  return { keys, words };
}

/** Indentations that a line may get with another meaning: each up to a little beyond those around it. */
function indentsAround(lines: readonly string[], line: number): string[] {
  const near = lines.slice(Math.max(0, line - 6), line + 5).map((text) => /^ */.exec(text)![0].length);
  return Array.from({ length: Math.max(...near) + 4 }, (_, count) => ' '.repeat(count));
}

/** A mapping is in quotes on the line of a host, and has none among the variables of a group. */
const INI_VALUES = [FRESH, '918273', '-918273', `{'${FRESH}': 1}`, `"{'${FRESH}': 1}"`];

/** Edits of a line (from 1) of an INI inventory. */
export function iniTrials(source: string, line: number): Trial[] {
  const lines = source.split('\n');
  const old = lines[line - 1] ?? '';
  const replaced = (text: string): string => lines.with(line - 1, text).join('\n');
  const isComment = /^\s*[#;]/.test(old);
  const assignments = isComment ? [] : [...old.matchAll(/=\s*("[^"]*"|'[^']*'|\S*)/g)];
  const assigned = (by: string) =>
    assignments.map(
      ({ 0: whole, index }) => `${old.slice(0, index)}=${by}${old.slice(index + whole.length)}`,
    );
  const altered = INI_VALUES.flatMap(assigned);
  const failing = assigned(FAILING);
  if (mayBeTemplate(old)) altered.push(...failing);
  const added = [FRESH, `[${FRESH}]`, `[${FRESH}:vars]`, `[${FRESH}:children]`, `${FRESH}=1`].map(
    (text) => `${old}\n${text}`,
  );
  const { keys, words } = replaceWords(old);
  const odd = [...assigned(NO_LITERAL.ini), ...replaceWords(old, [NO_LITERAL.ini]).words];
  const others = [`#${old}`, '', ...keys, ...words, ...odd, ...failing, ...added].map(replaced);
  const removed = lines.toSpliced(line - 1, 1).join('\n');
  return [
    ...altered.map((text) => ({ text: replaced(text), altersValue: true })),
    ...[removed, ...others].map((text) => ({ text, altersValue: false })),
  ];
}
