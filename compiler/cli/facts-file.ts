import type { HostFacts } from '../contract/facts.ts';

type Fact = string | number | readonly Fact[] | { readonly [name: string]: Fact | undefined };

const FIRST_LINE = '# What the host says of itself, written by `khp collect --facts`.\n';

/** Whether a file of facts was written by khp, and no person has taken it over. */
export function isRecorded(text: string): boolean {
  return text.startsWith(FIRST_LINE);
}

/**
 * A file of facts: names sorted, every text in quotes. The values are a host's, which nobody needs to trust: one that
 * would be a template is marked, so that whoever reads the file as variables leaves it alone too.
 */
export function factsFile(facts: HostFacts): string {
  return `${FIRST_LINE}${mapping(facts, '')}`;
}

function mapping(facts: { readonly [name: string]: Fact | undefined }, indent: string): string {
  return Object.keys(facts)
    .sort()
    .map((name) => {
      const fact = facts[name];
      return fact === undefined ? '' : `${indent}${name}:${written(fact, `${indent}  `)}`;
    })
    .join('');
}

function written(fact: Fact, indent: string): string {
  if (typeof fact === 'number') return ` ${fact}\n`;
  // Of printable ASCII, a text in JSON is the same text in YAML.
  if (typeof fact === 'string') return ` ${/\{[{%#]/.test(fact) ? '!unsafe ' : ''}${JSON.stringify(fact)}\n`;
  if (!isList(fact)) return `\n${mapping(fact, indent)}`;
  if (fact.length === 0) return ' []\n';
  return `\n${fact.map((item) => `${indent}-${written(item, `${indent}  `).replace(/^\n\s*/, ' ')}`).join('')}`;
}

function isList(fact: Fact): fact is readonly Fact[] {
  return Array.isArray(fact);
}
