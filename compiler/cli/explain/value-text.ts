import { ansibleJson } from '../../2-resolve/ansible-json.ts';
import { SecretText, UnsafeText } from '../../ansible/ansible.ts';
import { displayText } from '../../diagnostics/display-width.ts';
import { Dict, JinjaError, PyObject, Tuple, untold, type Value } from '../../jinja/jinja.ts';

const SHOWN = 160;
const LONGEST = 4000;

/** A value as JSON on one line; a secret as its tag alone, an unsafe text behind its tag. */
export function valueText(value: Value): string {
  return untold(() => oneLine(value));
}

function oneLine(value: Value): string {
  if (value instanceof SecretText) return value.kind === 'age' ? '!secret' : '!vault';
  if (value instanceof UnsafeText) return `!unsafe ${JSON.stringify(value.text)}`;
  if (value instanceof Tuple) return oneLine(value.items as Value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (value instanceof Dict) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(String(key))}: ${oneLine(item)}`).join(', ')}}`;
  }
  try {
    return ansibleJson(value, { sortKeys: false, indent: 0 });
  } catch (error) {
    if (error instanceof JinjaError) return error.message;
    // Of a type that no JSON has.
    if (value instanceof PyObject) return `<${value.typeName}>`;
    throw error;
  }
}

/** A text that fits a line of a terminal, its end left out where it is long. */
export function shortText(text: string): string {
  return displayText(cut(text, SHOWN).replace(/\r?\n/g, '\\n'));
}

/** A text that fits a screen of a terminal, with a word on what is left out. */
export function longText(text: string): string {
  const more = text.length > LONGEST ? `  (${text.length} characters; --json has all)` : '';
  return `${displayText(cut(text, LONGEST))}${more}`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
