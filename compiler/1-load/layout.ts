import { NAME } from '../contract/names.ts';

export const SETTINGS_FILE = 'khp.yml';
/** Where Ansible repositories keep filters and tests of their own, in Python. */
const PLUGIN_FOLDERS: readonly string[] = ['filter_plugins', 'test_plugins'];
export const WORKSPACE_FOLDERS: readonly string[] = [
  'inventories',
  'releases',
  'templates',
  ...PLUGIN_FOLDERS,
];

/** What a file of a workspace is, by its path. */
export type Role =
  | { readonly is: 'settings' }
  | { readonly is: 'fleet vars' }
  | { readonly is: 'type vars'; readonly type: string }
  | {
      readonly is: 'cluster vars' | 'ini' | 'yaml inventory' | 'recipients';
      readonly type: string;
      readonly cluster: string;
    }
  | {
      readonly is: 'group vars' | 'host vars' | 'facts';
      readonly type: string;
      readonly cluster: string;
      /** The group, or the host as the file names it. */
      readonly name: string;
    }
  | { readonly is: 'release' | 'notes'; readonly name: string }
  | {
      readonly is: 'component' | 'defaults' | 'declarations' | 'rules' | 'template';
      readonly component: string;
    }
  /** Never run: read for the names that it defines, so that their uses can be told. */
  | { readonly is: 'plugin' }
  /** Nobody reads it, and nobody needs to: hidden files, backups of editors, a README. */
  | { readonly is: 'ignored' }
  /** Nobody reads it: `settings` where it looks as if somebody should. */
  | { readonly is: 'unexpected'; readonly settings: boolean; readonly hint?: string }
  | { readonly is: 'badly named'; readonly name: string };

/** What the file at a path is for. */
export function roleOf(path: string): Role {
  const parts = path.split('/');
  const base = parts.at(-1)!;
  if (path === SETTINGS_FILE) return { is: 'settings' };
  if (path.startsWith('.') || path.includes('/.') || base.endsWith('~')) return { is: 'ignored' };
  if (PLUGIN_FOLDERS.includes(parts[0]!)) return { is: base.endsWith('.py') ? 'plugin' : 'ignored' };
  const isReadme = /^README(?:\.|$)/i.test(base);
  // A file in the place of a folder.
  if (parts.length === 1) return isReadme ? { is: 'ignored' } : unexpected(parts);
  if (parts[0] === 'templates') return templateRole(parts);
  if (parts[0] === 'releases') return releaseRole(parts);
  return isReadme ? { is: 'ignored' } : inventoryRole(parts);
}

function inventoryRole(parts: readonly string[]): Role {
  const [type, second, third] = [parts[1]!, parts[2], parts[3]];
  if (parts.length > 4) return unexpected(parts);
  if (second === undefined) return type === '_default.yml' ? { is: 'fleet vars' } : unexpected(parts);
  if (!NAME.test(type)) return { is: 'badly named', name: type };
  if (third === undefined) return typeFolderRole(type, second, parts);
  if (!NAME.test(second)) return { is: 'badly named', name: second };
  const host = before(third, '.host.yml');
  if (host !== undefined) return { is: 'host vars', type, cluster: second, name: host };
  const facts = before(third, '.facts.yml');
  if (facts !== undefined) return { is: 'facts', type, cluster: second, name: facts };
  const group = before(third, '.yml');
  if (group !== undefined) return { is: 'group vars', type, cluster: second, name: group };
  return unexpected(parts);
}

function typeFolderRole(type: string, base: string, parts: readonly string[]): Role {
  if (base === '_default.yml') return { is: 'type vars', type };
  if (base.startsWith('_')) return { is: 'unexpected', settings: true, hint: 'did you mean `_default.yml`?' };
  for (const [suffix, is] of [
    ['.hosts.yml', 'yaml inventory'],
    ['.yml', 'cluster vars'],
    ['.ini', 'ini'],
    ['.recipients', 'recipients'],
  ] as const) {
    const cluster = before(base, suffix);
    if (cluster === undefined) continue;
    return NAME.test(cluster) ? { is, type, cluster } : { is: 'badly named', name: cluster };
  }
  return unexpected(parts);
}

function releaseRole(parts: readonly string[]): Role {
  const base = parts[1]!;
  if (parts.length > 2) return unexpected(parts);
  for (const [suffix, is] of [
    ['.yml', 'release'],
    ['.md', 'notes'],
  ] as const) {
    const name = before(base, suffix);
    if (name === undefined) continue;
    if (is === 'notes' && name === 'README') return { is: 'ignored' };
    return NAME.test(name) ? { is, name } : { is: 'badly named', name };
  }
  return unexpected(parts);
}

function templateRole(parts: readonly string[]): Role {
  const [, component, ...rest] = parts as [string, string, ...string[]];
  if (rest.length === 0) return /^README(?:\.|$)/i.test(component) ? { is: 'ignored' } : unexpected(parts);
  if (!NAME.test(component)) return { is: 'badly named', name: component };
  if (rest.length === 1 && rest[0] === 'component.yml') return { is: 'component', component };
  if (rest.length === 1 && rest[0] === 'defaults.yml') return { is: 'defaults', component };
  if (rest.length === 1 && rest[0] === 'vars.yml') return { is: 'declarations', component };
  if (rest.length === 1 && rest[0] === 'rules.yml') return { is: 'rules', component };
  const wrong = rest.length === 1 && /^(?:component|defaults|vars|rules)\.(?:yaml|json)$/.test(rest[0]!);
  return wrong ? unexpected(parts) : { is: 'template', component };
}

function unexpected(parts: readonly string[]): Role {
  const base = parts.at(-1)!;
  if (base.endsWith('.yaml')) {
    return { is: 'unexpected', settings: true, hint: `rename it to ${base.slice(0, -'.yaml'.length)}.yml` };
  }
  return { is: 'unexpected', settings: /\.(?:yml|ini|json|cfg)$|^[^.]+$/.test(base) };
}

function before(base: string, suffix: string): string | undefined {
  return base.endsWith(suffix) && base.length > suffix.length ? base.slice(0, -suffix.length) : undefined;
}
