import type { Command } from 'commander';
import { load } from '../1-load/load.ts';
import { inventoryGraph, inventoryHost, inventoryList } from '../2-resolve/ansible-inventory.ts';
import type { ClusterInventory } from '../2-resolve/inventory.ts';
import { resolve } from '../2-resolve/resolve.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { EXIT, print, remark, UsageError } from './console.ts';
import { globalsOf } from './globals.ts';
import { diagnosticsText, hasErrors } from './print-diagnostics.ts';
import { workTreeSource } from './source.ts';

interface Options {
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: string | true;
}

/** `khp inventory`: hosts, groups and variables in the forms of ansible-inventory. */
export function addInventory(program: Command): void {
  program
    .command('inventory')
    .description('print the inventory of the work tree as ansible-inventory does')
    .option('--list', 'all groups, hosts and variables, as JSON')
    .option('--host <host>', 'the variables of one host, as JSON')
    .option('--graph [group]', 'groups and hosts as a tree, from a group on or from `all`')
    .action((options: Options, command: Command) => {
      const { folder, json } = globalsOf(command);
      if (json && options.graph !== undefined)
        throw new UsageError('--graph is a text; --list has the same as JSON');
      const source = workTreeSource(folder);
      const { value: workspace, diagnostics: loading } = load(source.files);
      const { value: inventory, diagnostics: resolving } = resolve(workspace);
      print(answer(options, inventory.clusters));
      const diagnostics = [...source.diagnostics, ...loading, ...resolving];
      if (!hasErrors(diagnostics)) return;
      // Said on stderr: what could be read is printed all the same, as Ansible does.
      remark(diagnosticsText(diagnostics, source.files));
      process.exitCode = EXIT.problems;
    });
}

function answer({ list, host, graph }: Options, clusters: readonly ClusterInventory[]): string {
  const asked = [list, host, graph].filter((option) => option !== undefined);
  if (asked.length !== 1) throw new UsageError('give one of --list, --host and --graph');
  if (list) return inventoryList(clusters);
  if (host !== undefined) return hostAnswer(host, clusters);
  const text = inventoryGraph(clusters, graph === true ? 'all' : graph);
  if (text !== undefined) return text;
  throw new UsageError(`there is no group ${String(graph)}`);
}

function hostAnswer(host: string, clusters: readonly ClusterInventory[]): string {
  const hosts = clusters.flatMap((cluster) => cluster.hosts);
  const found = hosts.find((one) => one.host === host);
  if (found) return inventoryHost(found);
  const hint = didYouMean(
    host,
    hosts.map((one) => one.host),
  );
  throw new UsageError([`there is no host ${host}`, hint].filter(Boolean).join('; '));
}
