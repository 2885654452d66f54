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

/** Whether a text holds anything that a template engine would read. */
export function holdsTemplate(source: string, options: EnvironmentOptions): boolean {
  const starts = [
    options.blockStartString ?? '{%',
    options.variableStartString ?? '{{',
    options.commentStartString ?? '{#',
  ];
  return starts.some((start) => source.includes(String(start)));
}
