import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FleetSize, generateFleet } from '../generate-fleet/generate-fleet.ts';
import { writeAnsibleInventory } from '../generate-fleet/write-fleet.ts';
import { withAllComponents } from './full-fleet.ts';
import { measuredRun } from './measured-run.ts';

const HOSTS = 100;

/**
 * Has Ansible's `template` task write one file (log4j.properties) of 100 hosts of the fleet's first cluster, on this
 * machine. Undefined where Ansible is not installed below `.khp/venv`.
 */
export async function templateWithAnsible(
  root: string,
  folder: string,
  size: FleetSize,
): Promise<{ hosts: number; ms: number } | undefined> {
  const program = join(root, '.khp', 'venv', 'bin', 'ansible-playbook');
  if (!existsSync(program)) return undefined;
  const fleet = withAllComponents(generateFleet(size));
  const [type] = fleet.types;
  writeAnsibleInventory({ ...fleet, types: [{ ...type!, clusters: type!.clusters.slice(0, 1) }] }, folder);
  mkdirSync(join(folder, 'out'), { recursive: true });
  const templates = join(root, 'templates', 'hadoop');
  const play = {
    hosts: `all[0:${HOSTS - 1}]`,
    connection: 'local',
    gather_facts: false,
    vars_files: [join(templates, 'defaults.yml')],
    vars: { ansible_python_interpreter: '{{ ansible_playbook_python }}' },
    tasks: [
      {
        template: {
          src: join(templates, 'log4j.properties.j2'),
          dest: `${folder}/out/{{ inventory_hostname }}`,
        },
      },
    ],
  };
  const playbook = join(folder, 'playbook.yml');
  writeFileSync(playbook, JSON.stringify([play]));
  const env = [
    'env',
    `ANSIBLE_HOME=${join(folder, 'home')}`,
    'ANSIBLE_CONFIG=/nonexistent/ansible.cfg',
  ] as const;
  const { ms, stdout } = await measuredRun([...env, program, '-i', join(folder, 'hosts'), playbook], {
    cwd: folder,
  });
  const hosts = [...stdout.matchAll(/ok=1 .*failed=0/g)].length;
  return { hosts, ms };
}
