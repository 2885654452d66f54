import { keyText, type VariableRead } from '../../ansible/ansible.ts';
import { equalValues } from '../../ansible/values/equal-values.ts';
import { isLiteral } from '../../ansible/values/is-literal.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';

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
}

/** One text for each change. */
export function changeKey({ kind, path, literal }: VariableChange): string {
  return [kind, String(literal), ...path.map(keyText)].join('\u0000');
}

/** What differs between two mappings of variables, or two parts of them. */
export function differences(before: Dict, after: Dict, path: readonly Value[] = []): VariableChange[] {
  const changes: VariableChange[] = [];
  for (const [key, old] of before) {
    const at = [...path, key];
    const young = after.get(key);
    const literal = () => isLiteral(key) && isLiteral(old) && (young === undefined || isLiteral(young));
    if (young === undefined) changes.push({ kind: 'key', path: at, literal: literal() });
    else if (old instanceof Dict && young instanceof Dict) changes.push(...differences(old, young, at));
    else if (old instanceof Dict || young instanceof Dict)
      changes.push({ kind: 'shape', path: at, literal: literal() });
    else if (!equalValues(old, young) || typeof old !== typeof young)
      changes.push({ kind: 'value', path: at, literal: literal() });
  }
  for (const [key, young] of after) {
    if (before.has(key)) continue;
    changes.push({ kind: 'key', path: [...path, key], literal: isLiteral(key) && isLiteral(young) });
  }
  const common = (one: Dict, other: Dict) =>
    [...one.keys()]
      .filter((key) => other.has(key))
      .map(keyText)
      .join('\u0000');
  if (common(before, after) !== common(after, before)) changes.push({ kind: 'order', path, literal: true });
  return changes;
}

/** Whether a read's answer may be another one after a change. */
export function isHit(read: VariableRead, { kind, path: [name, ...path], literal }: VariableChange): boolean {
  if (read.name !== name) return false;
  const shared = Math.min(read.path.length, path.length);
  for (let i = 0; i < shared; i++) if (keyText(read.path[i]!) !== keyText(path[i]!)) return false;
  const deeper = path.length - read.path.length;
  // The change is in what was read whole, or around it.
  if (read.kind === 'value') return kind !== 'order' || deeper >= 0;
  if (read.kind === 'presence') return kind !== 'order' && (deeper < 0 || (deeper === 0 && kind !== 'value'));
  if (read.kind === 'literal') return !literal;
  if (kind === 'order') return deeper === 0;
  return deeper <= 0 || (deeper === 1 && kind === 'key');
}
