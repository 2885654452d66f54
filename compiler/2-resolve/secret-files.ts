import type { VarsFile, Workspace } from '../1-load/workspace.ts';
import type { SecretRecipient } from '../age/recipients.ts';
import { parseRecipient } from '../age/recipients.ts';
import { isNamedAfter } from '../contract/names.ts';
import type { HostVars, Inventory } from './inventory.ts';

/** A file of variables, and the hosts that see it: those that its secrets are for. */
export interface SecretFile {
  readonly vars: VarsFile;
  readonly hosts: readonly HostVars[];
}

/** Every file of variables of a workspace that can hold a secret. */
export function secretFiles(workspace: Workspace, { clusters }: Inventory): SecretFile[] {
  const all = clusters.flatMap(({ hosts }) => hosts);
  const files: SecretFile[] = [];
  const add = (vars: VarsFile | undefined, hosts: readonly HostVars[]) => {
    if (vars) files.push({ vars, hosts });
  };
  for (const { content, defaults } of workspace.components.values()) {
    const roles = Object.keys(content.roles);
    add(
      defaults,
      all.filter(({ groupNames }) => roles.some((role) => groupNames.includes(role))),
    );
  }
  add(workspace.fleetVars, all);
  for (const [type, vars] of workspace.typeVars)
    add(
      vars,
      all.filter((host) => host.type === type),
    );
  for (const cluster of workspace.clusters) {
    const hosts = all.filter(({ type, cluster: name }) => type === cluster.type && name === cluster.name);
    add(cluster.vars, hosts);
    for (const [group, vars] of cluster.groupVars)
      add(
        vars,
        hosts.filter(({ groupNames }) => groupNames.includes(group)),
      );
    for (const [name, vars] of cluster.hostVars) {
      const own = hosts.filter(({ host }) => isNamedAfter(host, name, cluster.inventory.byName));
      add(vars, own);
    }
  }
  return files;
}

/** Who can read a secret, by name: operators and hosts, each with a key of theirs. */
export interface Reader {
  readonly name: string;
  readonly recipient: SecretRecipient;
  readonly isOperator: boolean;
}

/** Who ought to read the secrets of a file: the operators, then its hosts; a host without a key is not among them. */
export function readersOf(workspace: Workspace, hosts: readonly HostVars[]): Reader[] {
  const operators = workspace.settings.secrets.operators.flatMap((key, index) => {
    const recipient = parseRecipient(key);
    return recipient ? [{ name: `operator ${index + 1}`, recipient, isOperator: true }] : [];
  });
  return [
    ...operators,
    ...hosts.flatMap(({ host }) =>
      keysOf(workspace, host).map((recipient) => ({ name: host, recipient, isOperator: false })),
    ),
  ];
}

/** The public keys of a host. */
export function keysOf(workspace: Workspace, host: string): readonly SecretRecipient[] {
  return workspace.clusters.flatMap(({ recipients }) => recipients.get(host) ?? []);
}
