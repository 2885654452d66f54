import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fleet, FleetCluster, FleetGroup, FleetVars } from './fleet.ts';

/** Files by path. */
type Files = Map<string, string>;

/** Writes a fleet as a workspace, with the templates, releases and settings of another one, into an emptied folder. */
export function writeWorkspace(fleet: Fleet, folder: string, from: string): void {
  const files: Files = new Map([['inventories/_default.yml', varsText(fleet.vars)]]);
  for (const { name: type, vars, clusters } of fleet.types) {
    files.set(`inventories/${type}/_default.yml`, varsText(vars));
    for (const cluster of clusters) {
      const base = `inventories/${type}/${cluster.name}`;
      files.set(`${base}.yml`, varsText(cluster.vars));
      files.set(
        `${base}.ini`,
        sections(cluster.groups) + section('all:vars', assignments(cluster.inlineVars)),
      );
      for (const { name, vars: own } of cluster.groups)
        if (own) files.set(`${base}/${name}.yml`, varsText(own));
      for (const [host, own] of cluster.hostVars) files.set(`${base}/${host}.host.yml`, varsText(own));
    }
  }
  writeFiles(folder, files);
  for (const part of ['templates', 'releases', 'khp.yml'])
    cpSync(join(from, part), join(folder, part), { recursive: true });
}

/**
 * Writes a fleet as one inventory of Ansible in which every host has the same variables, into an emptied folder; its
 * file is `hosts`. Types and clusters are groups, and a cluster's groups have its name before theirs.
 */
export function writeAnsibleInventory(fleet: Fleet, folder: string): void {
  const files: Files = new Map([['group_vars/all.yml', varsText(fleet.vars)]]);
  let hosts = '';
  for (const { name, vars, clusters } of fleet.types) {
    const type = groupName('type', name);
    files.set(`group_vars/${type}.yml`, varsText(vars));
    for (const cluster of clusters) hosts += flatCluster(cluster, files);
    hosts += section(
      `${type}:children`,
      clusters.map((cluster) => groupName('cluster', cluster.name)),
    );
  }
  files.set('hosts', hosts);
  writeFiles(folder, files);
}

function flatCluster({ name, vars, inlineVars, groups, hostVars }: FleetCluster, files: Files): string {
  const cluster = groupName('cluster', name);
  files.set(`group_vars/${cluster}.yml`, varsText(vars));
  const renamed = groups.map((group) => ({
    ...group,
    name: groupName(cluster, group.name),
    children: group.children.map((child) => groupName(cluster, child)),
  }));
  for (const { name: group, vars: own } of renamed)
    if (own) files.set(`group_vars/${group}.yml`, varsText(own));
  for (const [host, own] of hostVars) files.set(`host_vars/${host}.yml`, varsText(own));
  const inner = new Set(renamed.flatMap(({ children }) => children));
  const outer = renamed.map((group) => group.name).filter((group) => !inner.has(group));
  return (
    sections(renamed) +
    section(`${cluster}:children`, outer) +
    section(`${cluster}:vars`, assignments(inlineVars))
  );
}

function groupName(...parts: readonly string[]): string {
  return parts.join('__').replaceAll('-', '_');
}

function sections(groups: readonly FleetGroup[]): string {
  const texts = groups.flatMap(({ name, hosts, children, inlineVars }) => [
    section(name, hosts),
    section(`${name}:children`, children),
    section(`${name}:vars`, assignments(inlineVars)),
  ]);
  return texts.join('');
}

function section(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `[${head}]\n${lines.map((line) => `${line}\n`).join('')}\n`;
}

function assignments(vars: FleetVars): string[] {
  return Object.entries(vars).map(([name, value]) =>
    typeof value === 'string' ? `${name}=${JSON.stringify(value)}` : `${name}=${String(value)}`,
  );
}

function varsText(vars: FleetVars): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

function writeFiles(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of files) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }
}
