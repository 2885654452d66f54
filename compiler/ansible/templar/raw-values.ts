import { type EnvironmentOptions, Float, type Value } from '../../jinja/jinja.ts';

/** Numbers and booleans, which a template that is but their name gives as they are. */
export function isPlain(value: Value | undefined): value is number | bigint | boolean | Float {
  if (value === undefined || value === null) return false;
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    value instanceof Float
  );
}

/** Whether a text may be a template, with delimiters of its own or the usual ones. */
export function mayBeTemplate(text: string): boolean {
  return text.startsWith('#jinja2:') || /\{[{%#]/.test(text);
}

/** Whether a text holds anything that a template engine would read. */
export function holdsTemplate(source: string, options: EnvironmentOptions): boolean {
  const starts = [
    options.blockStartString ?? '{%',
    options.variableStartString ?? '{{',
    options.commentStartString ?? '{#',
  ];
  return starts.some((start) => source.includes(String(start)));
}

const SINGLE_VARIABLE = /^\{\{\s*([\p{L}\p{N}_]*)\s*\}\}\n?$/u;

/** The variable that a text is alone, in braces; it then keeps the type of a plain value. */
export function singleVariable(text: string): string | undefined {
  return SINGLE_VARIABLE.exec(text)?.[1];
}
