import type { VariableRead } from '../../ansible/ansible.ts';
import { mayBeTemplate } from '../../ansible/templar/raw-values.ts';
import { isLiteral } from '../../ansible/values/is-literal.ts';
import { sameValues } from '../../ansible/values/same-values.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { hashText } from '../../jinja/values/dict.ts';

/** What may become of a part of a variable. */
export interface VariableChange {
  /**
   * `value`: the content there. `shape`: the content, and whether it is a mapping. `key`: whether there is anything.
   * `order`: the order of the keys in it.
   */
  readonly kind: 'value' | 'shape' | 'key' | 'order';
  /** The variable's name, then keys of mappings. */
  readonly path: readonly Value[];
  /** Whether what was and what is there can be read back from its text. */
  readonly literal: boolean;
  /** Whether what is there holds no template, which could fail: a mapping is undefined where a part of it is. */
  readonly evaluable: boolean;
}

/** One text for each change. */
export function changeKey({ kind, path, literal, evaluable }: VariableChange): string {
  return [kind, String(literal), String(evaluable), ...path.map(hashText)].join('\u0000');
}

/** What differs between two mappings of variables, or two parts of them. */
export function differences(before: Dict, after: Dict, path: readonly Value[] = []): VariableChange[] {
  const changes: VariableChange[] = [];
  const add = (kind: VariableChange['kind'], key: Value, [old, young]: readonly (Value | undefined)[]) => {
    const literal = isLiteral(key) && [old, young].every((one) => one === undefined || isLiteral(one));
    const evaluable = young === undefined || !holdsTemplate(young);
    changes.push({ kind, path: [...path, key], literal, evaluable });
  };
  for (const [key, old] of before) {
    const young = after.get(key);
    if (young === undefined) add('key', key, [old]);
    else if (old instanceof Dict && young instanceof Dict)
      changes.push(...differences(old, young, [...path, key]));
    else if (old instanceof Dict || young instanceof Dict) add('shape', key, [old, young]);
    else if (!sameValues(old, young)) add('value', key, [old, young]);
  }
  for (const [key, young] of after) if (!before.has(key)) add('key', key, [undefined, young]);
  const common = (one: Dict, other: Dict) =>
    [...one.keys()]
      .filter((key) => other.has(key))
      .map(hashText)
      .join('\u0000');
  if (common(before, after) !== common(after, before))
    changes.push({ kind: 'order', path, literal: true, evaluable: true });
  return changes;
}

function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return mayBeTemplate(value);
  if (value instanceof Dict) return [...value.values()].some(holdsTemplate);
  return Array.isArray(value) && value.some(holdsTemplate);
}

/** Whether a read's answer may be another one after a change. */
export function isHit(
  read: VariableRead,
  { kind, path: [name, ...path], literal, evaluable }: VariableChange,
): boolean {
  if (read.name !== name) return false;
  const shared = Math.min(read.path.length, path.length);
  for (let i = 0; i < shared; i++) if (hashText(read.path[i]!) !== hashText(path[i]!)) return false;
  const deeper = path.length - read.path.length;
  // The change is in what was read whole, or around it.
  if (read.kind === 'value') return kind !== 'order' || deeper >= 0;
  if (read.kind === 'presence') {
    if (!evaluable && read.path.length === 0) return true;
    return kind !== 'order' && (deeper < 0 || (deeper === 0 && kind !== 'value'));
  }
  if (read.kind === 'evaluable') return !evaluable || deeper < 0 || (deeper === 0 && kind === 'key');
  if (read.kind === 'literal') return !literal;
  if (kind === 'order') return deeper === 0;
  return deeper <= 0 || (deeper === 1 && kind === 'key');
}
