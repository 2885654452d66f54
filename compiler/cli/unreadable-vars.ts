import { roleOf } from '../1-load/layout.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import type { ResolvedAnsible } from '../2-resolve/resolve-ansible.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { firstLabel } from '../contract/names.ts';

/**
 * A file of variables that could not be read, of those that what is asked for has something of. Ansible then prints
 * nothing: a variable that is missing, or has the value of a lower layer, looks like any other.
 */
export interface UnreadableVars {
  readonly ofHost: (host: HostVars) => string | undefined;
  /** Of any host. */
  readonly ofList: () => string | undefined;
  /** Of a group, those below it, and their hosts. */
  readonly ofGraph: (group: string) => string | undefined;
}

/** Of a plain Ansible inventory. */
export function unreadOfAnsible({ inventory, unreadOfHost, unreadOfGroup }: ResolvedAnsible): UnreadableVars {
  const ofHosts = (group: string): string | undefined => {
    const below = new Set(inventory.groups.get(group));
    return first(inventory.hosts.filter(({ host }) => below.has(host)).map(unreadOfHost));
  };
  return {
    ofHost: unreadOfHost,
    ofList: () => ofHosts('all'),
    ofGraph(group) {
      const groups = new Set([group]);
      for (const name of groups) for (const child of inventory.children.get(name) ?? []) groups.add(child);
      return ofHosts(group) ?? first([...groups].map(unreadOfGroup));
    },
  };
}

const UNREAD: ReadonlySet<string> = new Set([
  'load/unreadable-file',
  'load/symbolic-link',
  'load/not-text',
  'load/bad-yaml',
  'load/not-a-mapping',
]);

/**
 * Of a workspace, by the places of what is wrong with its files. How mappings are combined stands in khp.yml. Facts are
 * no part of an inventory.
 */
export function unreadOfWorkspace(diagnostics: readonly Diagnostic[]): UnreadableVars {
  const isUnread = ({ code, severity }: Diagnostic, file: string): boolean =>
    UNREAD.has(code) || (severity === 'error' && roleOf(file).is === 'settings');
  const files = [
    ...new Set(
      diagnostics.flatMap((problem) => {
        const file = problem.place?.file;
        return file !== undefined && isUnread(problem, file) ? [file] : [];
      }),
    ),
  ];
  const ofList = () =>
    files.find((file) => /^(?:settings|(?:fleet|type|cluster|group|host) vars)$/.test(roleOf(file).is));
  return { ofHost: (host) => files.find((file) => isReadBy(file, host)), ofList, ofGraph: ofList };
}

function isReadBy(file: string, { host, type, cluster, groupNames }: HostVars): boolean {
  const role = roleOf(file);
  if (role.is === 'fleet vars' || role.is === 'settings') return true;
  if (role.is === 'type vars') return role.type === type;
  if (!('cluster' in role) || role.type !== type || role.cluster !== cluster) return false;
  if (role.is === 'cluster vars') return true;
  if (role.is === 'group vars') return role.name === 'all' || groupNames.includes(role.name);
  return role.is === 'host vars' && (role.name === host || role.name === firstLabel(host));
}

function first(files: readonly (string | undefined)[]): string | undefined {
  return files.find((file) => file !== undefined);
}
