import { ansibleJson } from '../../2-resolve/ansible-json.ts';
import { SecretText } from '../../ansible/ansible.ts';
import { Dict, JinjaError, PyObject, untold, type Value } from '../../jinja/jinja.ts';

const SHOWN = 160;

/** A value as JSON on one line; a secret as its tag alone. */
export function valueText(value: Value): string {
  return untold(() => oneLine(value));
}

function oneLine(value: Value): string {
  if (value instanceof SecretText) return value.kind === 'age' ? '!secret' : '!vault';
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

/** A text that fits a line, its end left out where it is long. */
export function shortText(text: string): string {
  const line = text.replaceAll('\n', '\\n');
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
}
