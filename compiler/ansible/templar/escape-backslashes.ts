import { normalizeSource, tokenize } from '../../jinja/lexer/lexer.ts';
import type { Syntax } from '../../jinja/lexer/syntax.ts';

/**
 * Doubles the backslashes of the strings within `{{ … }}`, as Ansible does to the value of a variable before it is
 * templated, so that `'\1'` there is what it looks like.
 */
export function escapeBackslashes(source: string, syntax: Syntax): string {
  if (!source.includes('\\') || !source.includes(syntax.variableStartString)) return source;
  const text = normalizeSource(source, syntax);
  let result = '';
  let last = 0;
  let inVariable = false;
  // An escape that Jinja would refuse is none yet, so the lexer must not see it; offsets stay.
  const shown = text.replace(/\\[^{}%#]/g, '..');
  for (const { type, offset } of tokenize({ name: undefined, text: shown }, { syntax })) {
    if (type === 'variable_begin') inVariable = true;
    else if (type === 'variable_end') inVariable = false;
    else if (type === 'string' && inVariable) {
      const end = endOfString(text, offset);
      result += text.slice(last, offset) + text.slice(offset, end).replaceAll('\\', '\\\\');
      last = end;
    }
  }
  return result + text.slice(last);
}

function endOfString(text: string, start: number): number {
  const quote = text[start];
  let at = start + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
