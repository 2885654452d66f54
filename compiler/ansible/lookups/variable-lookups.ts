import { asText, repr, str, toArray, Undefined, type Value } from '../../jinja/jinja.ts';
import { AnsibleError, AnsibleUndefinedVariable } from '../errors.ts';
import { Regex } from '../regex/regex.ts';
import { activeTemplar } from '../templar/active-templar.ts';
import type { Lookup } from './lookup.ts';

const vars: Lookup = ({ terms, options }) =>
  terms.map((term) => {
    const name = asText(term);
    if (name === undefined)
      throw new AnsibleError(`Invalid setting identifier, "${str(term)}" is not a string`);
    const value = activeTemplar().get(name);
    const otherwise = options.get('default') ?? null;
    // The default also stands for a variable that is there, and whose template names one that is not.
    if (otherwise !== null && (value === undefined || value instanceof Undefined)) return otherwise;
    if (value instanceof Undefined) throw value.error();
    if (value !== undefined) return value;
    throw new AnsibleUndefinedVariable(`No variable found with this name: ${name}`);
  });

const varnames: Lookup = ({ terms }) => {
  const names = [...activeTemplar().names()];
  return terms.flatMap((term) => {
    const pattern = asText(term);
    if (pattern === undefined)
      throw new AnsibleError(`Invalid setting identifier, "${str(term)}" is not a string`);
    const regex = new Regex(pattern);
    return names.filter((name) => regex.search(name) !== undefined);
  });
};

const env: Lookup = ({ terms, options }) =>
  terms.map((term) => {
    const name = str(term).split(/\s+/)[0] ?? '';
    const { env: settings, recorder } = activeTemplar();
    recorder?.read({ kind: 'env', name });
    if (Object.hasOwn(settings, name)) return settings[name]!;
    const otherwise = options.get('default');
    if (otherwise !== undefined) return otherwise;
    throw new AnsibleError(
      `lookup('env', ${repr(name)}) can't see the machine's environment; put ${name} under env: in khp.yml, or give default=`,
    );
  });

/** The hosts that a pattern names, of the variable `groups`: names of groups and hosts, parted by `:` or `,`. */
const inventoryHostnames: Lookup = ({ terms }) => {
  const groups = activeTemplar().get('groups') ?? null;
  const hostsOf = (name: string): Value[] => {
    if (groups === null || typeof groups !== 'object' || !('get' in groups)) return [];
    const hosts = groups.get(name);
    if (hosts !== undefined) return toArray(hosts);
    const all = groups.get('all');
    return all !== undefined && toArray(all).includes(name) ? [name] : [];
  };
  return terms.flatMap((term) => {
    let chosen: Value[] = [];
    for (const part of str(term)
      .split(/[:,]/)
      .map((text) => text.trim())) {
      if (/[*?[\]~]/.test(part))
        throw new AnsibleError(`the pattern ${part} is not supported; name a group or a host`);
      const hosts = hostsOf(part.replace(/^[!&]/, ''));
      if (part.startsWith('!')) chosen = chosen.filter((host) => !hosts.includes(host));
      else if (part.startsWith('&')) chosen = chosen.filter((host) => hosts.includes(host));
      else chosen.push(...hosts.filter((host) => !chosen.includes(host)));
    }
    return chosen;
  });
};

/** Lookups of variables, settings and hosts. */
export const VARIABLE_LOOKUPS: Readonly<Record<string, Lookup>> = {
  vars,
  varnames,
  env,
  inventory_hostnames: inventoryHostnames,
};
