import type { Diagnostic } from './contract/diagnostic.ts';

/** What is missing because its file could not be read: hosts and components whose rendering would only repeat that. */
export interface Unreadable {
  host(host: { readonly type: string; readonly cluster: string; readonly release?: string }): boolean;
  component(name: string): boolean;
  /** The public keys of its hosts. */
  keys(cluster: { readonly type: string; readonly name: string }): boolean;
  /** Whether any component is. */
  readonly components: boolean;
  /** Whether anything is. */
  readonly any: boolean;
}

/** Problems after which nothing of a file is known, or not all of it. */
const CODES: ReadonlySet<string> = new Set([
  'load/unreadable-file',
  'load/symbolic-link',
  'load/not-text',
  'load/bad-yaml',
  'load/not-a-mapping',
  'load/bad-ini',
  'load/bad-inventory',
  'load/missing-inventory',
  'load/two-inventories',
]);

/** Reads off the places of problems what is missing. A file of a cluster makes its hosts unreadable, and no others. */
export function isUnreadable(diagnostics: readonly Diagnostic[]): Unreadable {
  const scopes = new Set<string>();
  for (const { code, place } of diagnostics) {
    if (CODES.has(code) && place) scopes.add(scopeOf(place.file));
  }
  return {
    host: ({ type, cluster }) =>
      scopes.has('inventories') ||
      scopes.has(`inventories/${type}`) ||
      scopes.has(`inventories/${type}/${cluster}`),
    keys: ({ type, name }) => scopes.has(`inventories/${type}/${name}.recipients`),
    component: (name) => scopes.has(`templates/${name}`),
    components: [...scopes].some((scope) => scope.startsWith('templates/')),
    any: scopes.size > 0,
  };
}

/** `inventories/alpha/x.ini` and `inventories/alpha/x/group.yml` → `inventories/alpha/x`; `_default.yml` → its folder. */
function scopeOf(file: string): string {
  const [top, second, third] = file.split('/') as [string, string?, string?];
  if (top !== 'inventories') return `${top}/${second}`;
  if (!second || second.startsWith('_default.')) return top;
  if (!third || third.startsWith('_default.')) return `${top}/${second}`;
  return `${top}/${second}/${third.replace(/\.hosts\.yml$|\.(?:yml|ini)$/, '')}`;
}
