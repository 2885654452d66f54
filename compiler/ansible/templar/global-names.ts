import { AnsibleEnvironment } from './ansible-environment.ts';
import { MACHINE_NAMES } from './machine-names.ts';

/** The names that every template has, whatever variables there are: functions, and what Ansible tells of a template. */
export function globalNames(): ReadonlySet<string> {
  const { globals } = new AnsibleEnvironment({}, { texts: new Map(), searchPath: [] });
  return new Set([...globals.keys(), ...MACHINE_NAMES, 'ansible_managed', 'omit', 'hostvars', 'vars']);
}
