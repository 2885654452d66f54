import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Meaning } from './meaning.ts';
import { mapping } from './meaning.ts';

/**
 * What a YAML stream means, and JSON with it. Which schema its reader applies is not known here, so a plain scalar
 * counts by its text, and is never equal to a quoted one; nor an alias to what it stands for.
 */
export function yamlMeaning(text: string): Meaning {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const nodeMeaning = (node: unknown): Meaning => {
      // Not followed: a file of aliases to aliases would grow without bound.
      if (isAlias(node)) return ['alias', node.source];
      const { tag = '', anchor = '' } = (node ?? {}) as { tag?: string; anchor?: string };
      const marks = [tag, anchor];
      if (isMap(node)) {
        return [
          marks,
          mapping(node.items.map(({ key, value }) => [JSON.stringify(nodeMeaning(key)), nodeMeaning(value)])),
        ];
      }
      if (isSeq(node)) return [marks, ['sequence', ...node.items.map(nodeMeaning)]];
      if (!isScalar(node)) return '';
      const plain = node.type === 'PLAIN';
      return [marks, plain ? 'plain' : 'text', plain ? (node.source ?? '') : String(node.value)];
    };
    return nodeMeaning(document.contents);
  });
}
