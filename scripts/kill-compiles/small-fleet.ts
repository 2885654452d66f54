import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const COMPONENT = `component: app
roles: { app: {} }
files:
  - { template: a.j2, path: /etc/app/a, mode: "0644" }
  - { template: b.j2, path: /etc/app/b, mode: "0644" }
`;

/** A workspace that compiles in a moment, in a git repository of its own. */
export interface SmallFleet {
  readonly folder: string;
  /** Gives every host other files, and commits that. */
  edit(value: string): string;
  git(...args: string[]): string;
}

/** Writes three clusters with twelve hosts into an empty folder, and commits them. */
export function smallFleet(folder: string): SmallFleet {
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', env, stdio: 'pipe' }).trim();
  const edit = (value: string) => {
    write('inventories/_default.yml', `value: ${JSON.stringify(value)}\n`);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', value);
    return git('rev-parse', 'HEAD');
  };
  write('khp.yml', 'paths: [/etc/app]\n');
  write('releases/r1.yml', 'release: r1\ncomponents:\n  app: { version: "1" }\n');
  write('templates/app/component.yml', COMPONENT);
  write('templates/app/a.j2', '{{ value }} {{ inventory_hostname }}\n');
  write('templates/app/b.j2', '{{ range(2000) | join(value) }}\n');
  for (const cluster of ['t/c1', 't/c2', 'u/c3']) {
    write(`inventories/${cluster}.yml`, 'release: r1\n');
    write(`inventories/${cluster}.ini`, `[app]\n${cluster.slice(2)}-h[1:4]\n`);
  }
  git('init', '--quiet', '--initial-branch=main');
  // In the background it takes away, packed, what `git fsck` is about to read.
  git('config', 'gc.autoDetach', 'false');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@khp.invalid');
  edit('start');
  return { folder, edit, git };
}
