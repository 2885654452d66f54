import type { MappingNode, YamlNode } from './node.ts';
import { YamlFailure } from './problem.ts';

export interface MergedEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** Whether it came in by `<<`. */
  readonly merged: boolean;
}

/** How many entries `<<` may bring into one mapping: a few lines that merge each other twice make millions. */
const MAX_MERGED = 100_000;

/**
 * The entries of a mapping with its `<<` resolved, in the order in which PyYAML sets them: what is merged first, of a
 * list of mappings the last first, then its own.
 */
export function flattenMapping(node: MappingNode): readonly MergedEntry[] {
  if (!node.entries.some(([key]) => isMergeKey(key)))
    return node.entries.map(([key, value]) => ({ key, value, merged: false }));
  const merged: MergedEntry[] = [];
  const own: MergedEntry[] = [];
  const add = (source: YamlNode): void => {
    if (source.kind !== 'mapping') throw noMapping(source);
    for (const entry of flattenMapping(source)) merged.push({ ...entry, merged: true });
    if (merged.length > MAX_MERGED) throw failAt(node, `<< merges more than ${MAX_MERGED} entries`);
  };
  for (const [key, value] of node.entries) {
    if (!isMergeKey(key)) own.push({ key, value, merged: false });
    else if (value.kind === 'sequence') {
      const sources = [...value.items];
      const wrong = sources.find((source) => source.kind !== 'mapping');
      if (wrong) throw noMapping(wrong);
      for (const source of sources.reverse()) add(source);
    } else add(value);
  }
  return [...merged, ...own];
}

function isMergeKey(node: YamlNode): boolean {
  if (node.kind !== 'scalar') return false;
  return (
    node.tag === 'tag:yaml.org,2002:merge' || (node.plain && node.tag === undefined && node.text === '<<')
  );
}

function noMapping(node: YamlNode): YamlFailure {
  const name = node.kind === 'scalar' ? 'text' : 'list';
  return failAt(node, `expected a mapping or a list of mappings to merge with <<, but found a ${name}`);
}

function failAt(node: YamlNode, message: string): YamlFailure {
  return new YamlFailure({ place: node.place, message });
}
