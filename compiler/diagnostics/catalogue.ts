import type { Severity } from '../contract/diagnostic.ts';

/** What is always true of a code, wherever it shows. */
export interface CatalogueEntry {
  readonly severity: Severity;
  /** The problem's name, for an index of all codes. */
  readonly title: string;
  /** Why it is a problem, for someone who meets it for the first time. */
  readonly why: string;
  /** The next action, where the place that finds the problem knows no better one, and the message does not say it. */
  readonly hint?: string;
}

const entries = {
  'load/unreadable-file': {
    severity: 'error',
    title: 'A file cannot be read',
    why: 'A workspace is text of at most 8 MiB a file; what is larger, or cannot be opened, would be left out in silence.',
    hint: 'move the file out of the workspace, or make it readable',
  },
  'load/symbolic-link': {
    severity: 'error',
    title: 'A symbolic link',
    why: 'A bundle is a function of the files of the repository; what a link leads to may differ from one clone to the next.',
    hint: 'put the file itself in the place of the link',
  },
  'load/not-text': {
    severity: 'error',
    title: 'A file is not text',
    why: 'Files of a workspace are UTF-8 without NUL bytes; anything else would reach the hosts garbled.',
    hint: 'save the file as UTF-8',
  },
  'load/bad-yaml': {
    severity: 'error',
    title: 'Malformed YAML',
    why: 'The file is not YAML as PyYAML reads it, so nothing in it can be trusted.',
    hint: 'look at the line above too: a missing quote or bracket often starts there',
  },
  'load/duplicate-key': {
    severity: 'warning',
    title: 'A key that is written twice',
    why: 'Only the last value counts; the others are silently lost.',
    hint: 'remove all but one',
  },
  'load/not-a-mapping': {
    severity: 'error',
    title: 'A file of settings holds no mapping',
    why: 'Variables and settings are `name: value` pairs at the top of the file.',
    hint: 'write `name: value` pairs, or leave the file empty',
  },
  'load/bad-variable-name': {
    severity: 'warning',
    title: 'A variable that no template can name',
    why: 'A variable is named by letters, digits and underscores, and begins with no digit; Ansible keeps any other in vain.',
    hint: 'rename the variable',
  },
  'load/unknown-key': {
    severity: 'error',
    title: 'Unknown key',
    why: 'A key that nothing reads is a setting that silently has no effect.',
  },
  'load/missing-key': {
    severity: 'error',
    title: 'A key is missing',
    why: 'The file cannot be used without it.',
  },
  'load/wrong-type': {
    severity: 'error',
    title: 'A value of the wrong kind',
    why: 'The value is not what this key takes.',
  },
  'load/bad-name': {
    severity: 'error',
    title: 'A name that cannot be used',
    why: 'Names of types, clusters, releases and components become paths and refs: letters, digits, dots, dashes, underscores.',
    hint: 'use letters, digits, dots, dashes and underscores, and letters or digits at both ends',
  },
  'load/name-mismatch': {
    severity: 'error',
    title: 'A file that calls itself something else',
    why: 'The name in the file and the name of the file are one name.',
    hint: 'make the two names equal',
  },
  'load/unexpected-file': {
    severity: 'warning',
    title: 'A file that nothing reads',
    why: 'It stands where settings are looked for, but its name is none that is read.',
    hint: 'move it out of the folder',
  },
  'load/misnamed-file': {
    severity: 'error',
    title: 'A file of settings that nothing reads',
    why: 'It looks like settings, but its name or its folder is none that is read, so they would silently have no effect.',
    hint: 'rename it, or move it to its place',
  },
  'load/orphan-folder': {
    severity: 'error',
    title: 'Settings of a cluster that does not exist',
    why: 'A folder holds settings of groups and hosts, but its cluster has no file.',
    hint: 'add the cluster, or remove the folder',
  },
  'load/unknown-group': {
    severity: 'error',
    title: 'Settings of a group that does not exist',
    why: 'No host would ever see these settings.',
    hint: 'rename the file to a group of the cluster, or remove it',
  },
  'load/unknown-host': {
    severity: 'error',
    title: 'Settings of a host that does not exist',
    why: 'No host would ever see these settings.',
    hint: 'rename the file to a host of the cluster, or remove it',
  },
  'load/ambiguous-host': {
    severity: 'error',
    title: "A host's short name that fits two hosts",
    why: 'Settings must reach one host and no other.',
    hint: 'name the file after the full inventory name',
  },
  'load/misplaced-priority': {
    severity: 'error',
    title: 'ansible_group_priority where it has no effect',
    why: 'Ansible reads a group’s priority in the inventory only; in a file of settings it is a variable like any other.',
    hint: 'set it under [<group>:vars] in the inventory',
  },
  'load/bad-ini': {
    severity: 'error',
    title: 'Malformed inventory',
    why: 'Ansible would refuse the whole inventory.',
  },
  'load/empty-range': {
    severity: 'warning',
    title: 'A range of hosts that is empty',
    why: 'Ansible reads it in silence as no host at all.',
    hint: 'write the smaller bound first',
  },
  'load/bad-inventory': {
    severity: 'error',
    title: 'Malformed YAML inventory',
    why: 'Ansible would refuse the inventory, or skip a part of it.',
    hint: 'a group holds `hosts`, `children` and `vars`, each a mapping',
  },
  'load/dynamic-inventory': {
    severity: 'error',
    title: 'An inventory that a program makes',
    why: 'khp runs no program to read an inventory: what it would say may differ from one run to the next.',
    hint: 'record what it says, `ansible-inventory -i FILE --list --export --yaml --output hosts.yml`, and give that file',
  },
  'load/missing-inventory': {
    severity: 'error',
    title: 'A cluster without hosts',
    why: 'A cluster is its settings and its inventory.',
    hint: 'add the inventory, <cluster>.ini or <cluster>.hosts.yml, beside the settings',
  },
  'load/two-inventories': {
    severity: 'error',
    title: 'A cluster with two inventories',
    why: 'Only one of them can say which hosts there are.',
    hint: 'remove one of the two files',
  },
  'load/missing-cluster': {
    severity: 'error',
    title: 'An inventory without a cluster',
    why: 'A cluster exists by its <cluster>.yml; the hosts of this inventory would be nowhere.',
    hint: 'add the settings, <cluster>.yml with its `release`, beside the inventory',
  },
  'load/bad-host-name': {
    severity: 'error',
    title: 'A host name that cannot be used',
    why: 'A host’s name becomes a path and a ref: lower-case letters, digits, dots and dashes.',
    hint: 'use lower-case letters, digits, dots and dashes',
  },
  'load/duplicate-host': {
    severity: 'error',
    title: 'A host in two clusters',
    why: 'A host runs the config of one cluster; its name is unique in the fleet.',
    hint: 'remove the host from one of the clusters',
  },
  'load/host-and-group': {
    severity: 'error',
    title: 'One name for a host and a group',
    why: 'Ansible cannot tell the two apart: variables of one would be set on the other.',
    hint: 'to make the group a child, name it under `[…:children]`; otherwise rename one of the two',
  },
  'load/host-in-no-group': {
    severity: 'error',
    title: 'A host that is in no group',
    why: 'Of a host that was in `ungrouped` alone Ansible keeps no trace in any list where `ungrouped` is a child of another group.',
    hint: 'take `ungrouped` out of the children of the group, or put the host into a group of its own',
  },
  'load/missing-release': {
    severity: 'error',
    title: 'A cluster without a release',
    why: 'Without it nobody knows which versions the cluster runs.',
    hint: 'add `release: <name>`, a file of releases/',
  },
  'load/unknown-release': {
    severity: 'error',
    title: 'A release that does not exist',
    why: 'A cluster’s release is a file of releases/.',
    hint: 'add the release, or name one that exists',
  },
  'load/notes-without-release': {
    severity: 'warning',
    title: 'Notes of a release that does not exist',
    why: 'No page would show them.',
    hint: 'rename the notes to a release, or add the release',
  },
  'load/unknown-component': {
    severity: 'error',
    title: 'A component that does not exist',
    why: 'A component is a folder of templates/ with its component.yml.',
    hint: 'add the component, or name one that exists',
  },
  'load/missing-component-file': {
    severity: 'error',
    title: 'A folder of templates without component.yml',
    why: 'Nothing says which files its templates become.',
    hint: 'add component.yml to the folder',
  },
  'load/missing-template': {
    severity: 'error',
    title: 'A template that does not exist',
    why: 'A file cannot be made without its template.',
    hint: 'add the template, or name one that exists',
  },
  'load/bad-jinja': {
    severity: 'error',
    title: 'Malformed Jinja in a rule',
    why: 'A rule whose expressions or message are not Jinja can be asked of no host.',
    hint: 'correct it at the place shown',
  },
  'load/unknown-role': {
    severity: 'error',
    title: 'A role that does not exist',
    why: 'Roles are named in `roles` of a component.yml; a wrong name here would mean a restart or an order that never happens.',
    hint: 'add the role, or name one that exists',
  },
  'load/duplicate-role': {
    severity: 'error',
    title: 'A service role in two components',
    why: 'A role names its service everywhere (restarts, order, reports), so only one component can have it.',
    hint: 'rename one of the roles and its group',
  },
  'load/cyclic-requires': {
    severity: 'error',
    title: 'Components that require each other',
    why: 'There is no order in which their defaults could be read.',
    hint: 'remove one of the `requires`',
  },
  'load/cyclic-after': {
    severity: 'error',
    title: 'Roles that wait for each other',
    why: 'There is no order in which their services could be started.',
    hint: 'remove one of the `after`',
  },
  'resolve/reserved-variable': {
    severity: 'error',
    title: 'A variable that khp sets itself',
    why: 'The value written here would silently lose against the one that khp gives.',
    hint: 'rename the variable',
  },
  'resolve/group-conflict': {
    severity: 'warning',
    title: 'Two groups that set one variable differently',
    why: 'Where neither group stands above the other, the one whose name sorts last wins: to rename a group changes the host.',
    hint: 'say which one wins by `ansible_group_priority` under [<group>:vars] of the inventory, or set it in one place',
  },
  'resolve/unread-variable': {
    severity: 'warning',
    title: 'A variable that nothing reads, but for its name',
    why: 'No template, rule, declaration or value of another variable names it, so it changes nothing; a name that is read is almost the same.',
    hint: 'correct the name, or remove the variable',
  },
  'render/undefined-variable': {
    severity: 'error',
    title: 'Undefined variable',
    why: 'A template asks for a variable that no layer sets for this host.',
    hint: 'set the variable in a layer that reaches the host, or give it a default in defaults.yml',
  },
  'render/template-syntax': {
    severity: 'error',
    title: 'Malformed template',
    why: 'The template is not Jinja2, so no file can be made from it.',
    hint: 'correct the template at the place shown',
  },
  'render/type-error': {
    severity: 'error',
    title: 'An operation on values of the wrong kind',
    why: 'Python would stop here with a TypeError, and so would Ansible.',
    hint: 'convert the value with a filter such as `| int`, or correct the variable',
  },
  'load/bad-recipient': {
    severity: 'error',
    title: 'Not a public key of a host',
    why: 'Secrets are encrypted for the keys in this file; a line that cannot be read is a host that cannot read its secrets.',
    hint: 'a line is `<host> ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 <host>` prints it, or `<host> age1…`',
  },
  'load/unknown-recipient': {
    severity: 'error',
    title: 'The public key of an unknown host',
    why: 'Secrets are encrypted for hosts of the inventory; a key that belongs to none of them could belong to anybody.',
    hint: 'write the name as the inventory does, or remove the line',
  },
  'resolve/secret-recipients-changed': {
    severity: 'warning',
    title: "A secret for other readers than today's",
    why: 'Hosts or operators came or went since the secret was encrypted. Who had it may still know it: give it a new value too where that matters.',
    hint: 'run `khp secret rotate FILE`',
  },
  'render/secret-use': {
    severity: 'error',
    title: 'A secret that is not inserted whole',
    why: 'The compiler never opens a secret. What a filter, a test, a comparison or another text would make of it can only be made of its clear text, which the host alone has.',
    hint: 'insert it as `{{ name }}` in the template of a file, with what stands around it outside of the braces',
  },
  'render/secret-malformed': {
    severity: 'error',
    title: 'A !vault value that ansible-vault did not make',
    why: 'The host could not open it.',
    hint: 'encrypt the value with `ansible-vault encrypt_string`, or set it with `khp secret set FILE KEY`',
  },
  'render/secret-too-long': {
    severity: 'error',
    title: 'A secret that is too long',
    why: 'A secret is encrypted once for each of its readers, so that one of thousands of hosts does not fit into a bundle.',
    hint: "set it in each cluster's own file instead, with `khp secret set`",
  },
  'render/failed': {
    severity: 'error',
    title: 'A template that fails',
    why: 'Ansible would fail on this template too.',
    hint: 'correct the template or the values that it reads',
  },
  'render/bad-value': {
    severity: 'error',
    title: 'A rendered setting that cannot be used',
    why: 'What a setting of component.yml rendered to is not what that setting takes.',
    hint: 'correct the variable, or the expression in component.yml',
  },
  'render/component-not-in-release': {
    severity: 'error',
    title: 'A component that the release does not have',
    why: 'A host has a role of a component, but the release of its cluster says no version of that component.',
    hint: 'add the component to the release, or take the host out of the group',
  },
  'check/wrong-value': {
    severity: 'error',
    title: 'A variable that is not what it is declared to be',
    why: 'vars.yml of a component says what its variables may be; its templates are written for nothing else.',
    hint: 'correct the value, or its declaration in vars.yml',
  },
  'check/missing-value': {
    severity: 'error',
    title: 'A required variable without a value',
    why: 'vars.yml of a component says that every host with a role of it must have the variable.',
    hint: 'set the variable in a layer that reaches the host',
  },
  'check/broken-rule': {
    severity: 'error',
    title: 'A rule that does not hold',
    why: 'rules.yml of a component says what must hold between variables, of a host or of a whole cluster.',
    hint: 'correct one of the values shown, or the rule',
  },
  'seal/path-outside': {
    severity: 'error',
    title: 'A path that is not allowed',
    why: '`paths` of khp.yml limits where files may be put on a host.',
    hint: 'put the file below one of `paths`, or add a prefix to `paths` in khp.yml',
  },
  'seal/malformed-xml': {
    severity: 'error',
    title: 'Rendered XML is malformed',
    why: 'The daemon that reads the file would not start.',
    hint: 'correct the template; `&`, `<` and `>` in values need `| escape`',
  },
  'seal/malformed-json': {
    severity: 'error',
    title: 'Rendered JSON is malformed',
    why: 'The program that reads the file would refuse it.',
    hint: 'correct the template; `| to_json` writes any value',
  },
  'seal/malformed-yaml': {
    severity: 'error',
    title: 'Rendered YAML is malformed',
    why: 'The program that reads the file would refuse it.',
    hint: 'correct the template; `| to_nice_yaml` writes any value',
  },
  'seal/malformed-ini': {
    severity: 'error',
    title: 'Rendered INI is malformed',
    why: 'The program that reads the file would refuse it.',
    hint: 'correct the template',
  },
  'seal/malformed-properties': {
    severity: 'error',
    title: 'Rendered properties are malformed',
    why: 'Java would refuse the file, or read a value that nobody wrote.',
    hint: 'correct the template; a backslash in a value is written twice',
  },
  'seal/malformed-text': {
    severity: 'error',
    title: 'Half of a character in a rendered file',
    why: 'UTF-8 has no bytes for half of a surrogate pair: something else would be written in its place.',
    hint: 'correct the value or the template: write the character itself',
  },
  'seal/duplicate-path': {
    severity: 'error',
    title: 'Two files at one path',
    why: 'Only one of them could be on the host.',
    hint: 'change the path of one, or the roles that it is for',
  },
  'seal/foreign-folder': {
    severity: 'warning',
    title: 'A file in a folder that others may write to',
    why: 'A folder or a link that somebody puts in the place of the file blocks the whole apply: the runner follows no link and removes nothing that is not its own.',
    hint: 'put the file elsewhere, let root own the folder, or let the owner of the folder own the file',
  },
  'seal/artifact-format': {
    severity: 'error',
    title: 'An artifact that hosts cannot unpack',
    why: 'Hosts read tar with gzip, zstd or no compression. All else they would refuse, after each of them has fetched it.',
    hint: 'pack it anew: `xz -dc X.tar.xz | gzip -n > X.tar.gz`, or `unzip` and `tar -czf`; then its sha256 and size',
  },
  'seal/secret-marker': {
    severity: 'error',
    title: 'The marker of a secret in plain text',
    why: '`{{khp:secret:N}}` is what the runner replaces by a secret; from anywhere else it could pull a secret into the wrong place.',
    hint: 'remove the text from the template or the value',
  },
  'seal/secret-not-for-host': {
    severity: 'error',
    title: 'A secret that the host cannot open',
    why: 'The host would get ciphertext for which it has no key, and refuse the whole bundle.',
    hint: "add the host's public key to <cluster>.recipients, then run `khp secret rotate`",
  },
  'seal/secret-position': {
    severity: 'error',
    title: 'A secret where it cannot stand',
    why: 'The runner escapes the clear text for the format of the file, and in this place the format has no escape for it.',
    hint: 'XML: in the text of an element or an attribute; JSON and YAML: as a value in double quotes; INI and properties: behind the "=", without quotes',
  },
  'seal/secret-readable': {
    severity: 'error',
    title: 'A file with a secret that everybody may read',
    why: 'Every user and every job on the host could read the secret.',
    hint: 'set `mode: "0640"` or less in component.yml, with the group of those who need it',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** `phase/problem`: permanent, so that it can be searched for, and named in a rule of an editor or of CI. */
export type Code = keyof typeof entries;

/** Every code of a diagnostic, in the order of the phases. */
export const CATALOGUE: Readonly<Record<Code, CatalogueEntry>> = entries;
