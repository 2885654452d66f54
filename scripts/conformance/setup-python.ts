import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// PyYAML 6.0.4 takes the last of the mappings that `<<: [*a, *b]` lists, where their keys have two characters or more
// (yaml/pyyaml#953); those before it take the first, as YAML's own words have it.
const PACKAGES = ['jinja2==3.1.6', 'ansible-core==2.18.*', 'pyyaml==6.0.3'];

/** Why the real programs can't be had; its message says what to install. */
export class MissingPython extends Error {}

/**
 * The Python of a virtual environment below `.khp/venv` that holds the reference versions of Jinja and Ansible; made
 * when it is missing. `KHP_CONFORMANCE_VENV` names another one that is ready.
 * @throws MissingPython
 */
export function providePython(root: string): string {
  const folder = process.env.KHP_CONFORMANCE_VENV ?? join(root, '.khp', 'venv');
  const python = join(folder, 'bin', 'python');
  if (existsSync(python) && isReady(python)) return python;
  process.stderr.write(`khp: installing ${PACKAGES.join(' and ')} into ${folder} ...\n`);
  run('python3', ['-m', 'venv', folder], 'python3 with its venv module is needed (Debian: python3-venv)');
  run(
    python,
    ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PACKAGES],
    'pip could not install them',
  );
  return python;
}

function isReady(python: string): boolean {
  const check =
    'import jinja2, yaml, ansible.release as r; assert (jinja2.__version__, yaml.__version__) == ("3.1.6", "6.0.3") and r.__version__.startswith("2.18.")';
  return spawnSync(python, ['-W', 'ignore', '-c', check], { stdio: 'ignore' }).status === 0;
}

function run(command: string, args: readonly string[], otherwise: string): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new MissingPython(`${otherwise}${error ? ` (${error.message})` : ''}`);
}
