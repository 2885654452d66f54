import { Dict, Markup, str, type Value } from '../../jinja/jinja.ts';

/** Ends a text in as many newlines as its template did, unless it has more. */
export function withNewlines(rendered: string, template: string, newline = '\n'): string {
  return rendered + newline.repeat(Math.max(0, newlinesAtEnd(template) - newlinesAtEnd(rendered)));
}

/** As withNewlines, for what the template of a variable gives. */
export function withNativeNewlines(value: Value, template: string): Value {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Dict)
    return value;
  if (!('text' in value)) return value;
  const text = str(value);
  const whole = withNewlines(text, template);
  if (whole === text) return value;
  return value instanceof Markup ? new Markup(whole) : whole;
}

function newlinesAtEnd(text: string): number {
  let count = 0;
  while (count < text.length && text[text.length - 1 - count] === '\n') count++;
  return count;
}
