/** Filters and tests that people use by their short name and that belong to a collection. */
const COLLECTIONS = new Map([
  ...[
    'json_query',
    'dict',
    'dict_kv',
    'from_csv',
    'groupby_as_dict',
    'hashids_encode',
    'hashids_decode',
    'jc',
    'lists_mergeby',
    'path_join_shim',
    'random_mac',
    'to_days',
    'to_hours',
    'to_milliseconds',
    'to_minutes',
    'to_months',
    'to_seconds',
    'to_time_unit',
    'to_weeks',
    'to_years',
    'unicode_normalize',
    'version_sort',
    'counter',
    'crc32',
    'from_ini',
    'to_ini',
    'keep_keys',
    'remove_keys',
    'replace_keys',
    'reveal_ansible_type',
    'lists_union',
    'lists_intersect',
    'lists_difference',
    'lists_symmetric_difference',
    'a_module',
  ].map((name) => [name, 'community.general'] as const),
  ...[
    'cidr_merge',
    'consolidate',
    'fact_diff',
    'from_xml',
    'get_path',
    'hwaddr',
    'index_of',
    'ip4_hex',
    'ipaddr',
    'ipcut',
    'ipmath',
    'ipsubnet',
    'ipv4',
    'ipv6',
    'ipv6form',
    'ipwrap',
    'keep_keys',
    'macaddr',
    'network_in_network',
    'network_in_usable',
    'next_nth_usable',
    'nthhost',
    'param_list_compare',
    'previous_nth_usable',
    'reduce_on_network',
    'remove_keys',
    'replace_keys',
    'slaac',
    'to_paths',
    'to_xml',
    'usable_range',
    'validate',
    'in_any_network',
    'in_network',
    'in_one_network',
    'ip',
    'ip_address',
    'ipv4_address',
    'ipv4_netmask',
    'ipv6_address',
    'loopback',
    'mac',
    'multicast',
    'private',
    'public',
    'reserved',
    'resolvable',
    'subnet_of',
    'supernet_of',
    'unspecified',
  ].map((name) => [name, 'ansible.utils'] as const),
  ...[
    'parse_cli',
    'parse_cli_textfsm',
    'parse_xml',
    'type5_pw',
    'hash_salt',
    'comp_type5',
    'vlan_parser',
    'vlan_expander',
  ].map((name) => [name, 'ansible.netcommon'] as const),
  ...['k8s_config_resource_name'].map((name) => [name, 'kubernetes.core'] as const),
  ...[
    'openssl_privatekey_info',
    'x509_certificate_info',
    'gpg_fingerprint',
    'split_pem',
    'parse_serial',
    'to_serial',
  ].map((name) => [name, 'community.crypto'] as const),
]);

/**
 * The message of an error about a filter or test that is not there, with what is known of it: the collection that it
 * belongs to, or the file of the repository that defines it. Other messages stay as they are.
 * @param plugins filters and tests that the repository defines in Python, with the file of each
 */
export function explainMissingPlugin(message: string, plugins: ReadonlyMap<string, string>): string {
  const match = /^No (filter|test) named '([^']*)'/.exec(message);
  if (!match) return message;
  const [, kind, name] = match as unknown as [string, string, string];
  const plugin = plugins.get(name) ?? plugins.get(name.slice(name.lastIndexOf('.') + 1));
  if (plugin !== undefined) {
    return `the ${kind} '${name}' is defined in Python by ${plugin}, which can't run here; compute the value in a variable`;
  }
  const collection = /^([^.]+\.[^.]+)\.[^.]+$/.exec(name)?.[1] ?? COLLECTIONS.get(name);
  if (collection === 'ansible.builtin' || collection === 'ansible.legacy' || collection === undefined) {
    return `No ${kind} named '${name}'`;
  }
  return `the ${kind} '${name}' belongs to the collection ${collection}, and only ansible.builtin is built in`;
}
