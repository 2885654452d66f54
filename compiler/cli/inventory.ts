import { type Command, Option } from 'commander';
import { loadAnsible } from '../1-load/load-ansible.ts';
import { INVENTORY_FOLDERS, loadInventories } from '../1-load/load-inventories.ts';
import type { Settings } from '../1-load/settings.ts';
import type { SourceFiles } from '../1-load/workspace.ts';
import {
  inventoryGraph,
  inventoryHost,
  inventoryList,
  type Printed,
} from '../2-resolve/ansible-inventory.ts';
import { hostsOfPattern, IMPLICIT_LOCALHOST } from '../2-resolve/hosts-of-pattern.ts';
import type { ClusterInventory, HostVars } from '../2-resolve/inventory.ts';
import type { Vars } from '../2-resolve/layer.ts';
import { resolveClusters } from '../2-resolve/resolve.ts';
import { resolveAnsible } from '../2-resolve/resolve-ansible.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { notMissing } from '../not-missing.ts';
import { EXIT, endAtOnce, printParts, remark, UsageError } from './console.ts';
import { globalsOf } from './globals.ts';
import { diagnosticsText, hasErrors } from './print-diagnostics.ts';
import { type UnreadableVars, unreadOfAnsible, unreadOfWorkspace } from './unreadable-vars.ts';
import { workTreeSource } from './work-tree.ts';

interface Options {
  readonly inventory?: readonly string[];
  readonly playbookDir?: string;
  readonly hashBehaviour?: Settings['hash_behaviour'];
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: string | true;
  readonly vars?: boolean;
}

/** What there is to print, and what was found wrong in reading it. */
interface Read {
  /** What a group itself sets; of a plain inventory alone. */
  readonly groupVars: ((group: string) => Vars) | undefined;
  readonly clusters: Iterable<ClusterInventory>;
  /** The error after which Ansible prints nothing of a plain inventory. */
  readonly fatal: string | undefined;
  /** All of it, once one has gone through the clusters. */
  readonly diagnostics: () => readonly Diagnostic[];
  readonly unread: (diagnostics: readonly Diagnostic[]) => UnreadableVars;
  readonly files: SourceFiles;
}

/** `khp inventory`: hosts, groups and variables in the forms of ansible-inventory. */
export function addInventory(program: Command): void {
  program
    .command('inventory')
    .description(
      'print the inventory of the work tree, or a plain Ansible inventory, as ansible-inventory does',
    )
    .option(
      '-i, --inventory <source>',
      'a plain Ansible inventory in place of the workspace: a file, a folder, or hosts as `a,b,`; may be repeated',
      (source: string, before: readonly string[] = []) => [...before, source],
    )
    .option('--playbook-dir <dir>', 'with -i: where the group_vars/ and host_vars/ of the playbook stand')
    .addOption(
      new Option('--hash-behaviour <how>', 'with -i: whether mappings are replaced or merged').choices([
        'replace',
        'merge',
      ]),
    )
    .option('--list', 'all groups, hosts and variables, as JSON')
    .option('--host <host>', 'the variables of one host, as JSON')
    .option('--graph [group]', 'groups and hosts as a tree, from a group on or from `all`')
    .option('--vars', 'with -i and --graph: variables too')
    .action((options: Options, command: Command) => {
      const { folder, json } = globalsOf(command);
      if (json && options.graph !== undefined)
        throw new UsageError('--graph is a text; --list has the same as JSON');
      const asked = [options.list, options.host, options.graph].filter((option) => option !== undefined);
      if (asked.length !== 1) throw new UsageError('give one of --list, --host and --graph');
      const found = read(folder, options);
      const answered = options.list ? inventoryList(found.clusters) : undefined;
      const clusters = answered ? [] : [...found.clusters];
      const diagnostics = found.diagnostics();
      // Said on stderr: of sources what could be read is printed all the same, as Ansible does.
      if (diagnostics.length > 0) remark(diagnosticsText(diagnostics, found.files));
      if (hasErrors(diagnostics)) process.exitCode = EXIT.problems;
      const unread = found.unread(diagnostics);
      const { groupVars, fatal } = found;
      if (fatal !== undefined) tell({ problem: `nothing is printed: ${fatal}` });
      else if (answered) tell(unlessUnread(unread.ofList(), answered));
      else tell(answer(options, clusters, { groupVars, unread }));
      endAtOnce();
    });
}

function tell(answered: Printed): void {
  if ('parts' in answered) printParts(answered.parts);
  else {
    remark(`khp: ${answered.problem}`);
    process.exitCode = EXIT.problems;
  }
}

/** What is printed, unless a file is missing from it. */
function unlessUnread(file: string | undefined, printed: Printed): Printed {
  if (file === undefined) return printed;
  return { problem: `nothing is printed: without \`${file}\` the variables are not all known` };
}

function read(folder: string, options: Options): Read {
  const { inventory: sources, playbookDir, hashBehaviour = 'replace' } = options;
  if (sources) {
    const { value, diagnostics } = loadAnsible({ folder, sources, playbookDir });
    const resolved = resolveAnsible(value, hashBehaviour);
    return {
      clusters: [resolved.inventory],
      groupVars: resolved.groupVars,
      fatal: value.fatal,
      diagnostics: () => diagnostics,
      unread: () => unreadOfAnsible(resolved),
      files: value.files,
    };
  }
  const alone = {
    '--playbook-dir': playbookDir,
    '--hash-behaviour': options.hashBehaviour,
    '--vars': options.vars,
  };
  const given = Object.entries(alone).find(([, value]) => value !== undefined);
  if (given) throw new UsageError(`${given[0]} goes with -i`);
  // Nothing is printed of releases and components, so that what is wrong in them is for `khp check` to tell.
  const source = workTreeSource(folder, INVENTORY_FOLDERS);
  const loaded = loadInventories(source.files);
  const workspace = { ...loaded, releases: new Map(), components: new Map() };
  let resolving: Diagnostic[] = [];
  return {
    clusters: {
      [Symbol.iterator]() {
        resolving = [];
        return resolveClusters(workspace, resolving);
      },
    },
    groupVars: undefined,
    fatal: undefined,
    diagnostics: () => [
      ...source.diagnostics,
      ...notMissing(loaded.diagnostics(), source.diagnostics),
      ...resolving,
    ],
    unread: unreadOfWorkspace,
    files: source.files,
  };
}

function answer(
  { host, graph, vars }: Options,
  clusters: readonly ClusterInventory[],
  { groupVars, unread }: { readonly groupVars: Read['groupVars']; readonly unread: UnreadableVars },
): Printed {
  if (host !== undefined) {
    const asked = oneHost(host, clusters, groupVars !== undefined);
    return unlessUnread(unread.ofHost(asked), inventoryHost(asked));
  }
  const from = graph === true ? undefined : graph;
  const isKnown = ['all', 'ungrouped', undefined].includes(from);
  if (!isKnown && !clusters.some(({ ownHosts }) => ownHosts.has(from!)))
    throw new UsageError(`there is no group ${from}`);
  const printed = inventoryGraph({ clusters, from, groupVars: vars ? groupVars : undefined });
  return unlessUnread(vars ? unread.ofGraph(from ?? 'all') : undefined, printed);
}

/** @param isPlain whether it is an inventory of Ansible's own */
function oneHost(host: string, clusters: readonly ClusterInventory[], isPlain: boolean): HostVars {
  const found = hostsOfPattern(clusters, host);
  if (typeof found === 'string') throw new UsageError(`there is no host ${host}: ${found}`);
  const [only, other] = found;
  if (other) throw new UsageError(`${host} stands for ${found.length} hosts: name one of them`);
  if (typeof only === 'object') return only;
  if (isPlain && only === IMPLICIT_LOCALHOST)
    throw new UsageError(`there is no host ${host}; ${MADE_UP_LOCALHOST}`);
  const hosts = clusters.flatMap((cluster) => cluster.hosts);
  const hint = didYouMean(
    host,
    hosts.map((one) => one.host),
  );
  throw new UsageError([`there is no host ${host}`, hint].filter(Boolean).join('; '));
}

const MADE_UP_LOCALHOST =
  'Ansible makes one up, with the path of its own Python among the variables: declare it, `localhost ansible_connection=local`';
