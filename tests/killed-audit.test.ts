import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type SmallFleet, smallFleet } from '../scripts/kill-compiles/small-fleet.ts';
import { git, khp, ROOT, run, temporaryFolder } from './temporary-workspace.ts';

/** A folder with a git that, when it has moved refs, kills the program that started it. */
function killingGit(): string {
  const folder = temporaryFolder();
  const script = `#!/bin/sh
PATH="\${PATH#*:}" git "$@"
status=$?
case " $* " in *" update-ref "* | *" push "*) kill -KILL $PPID ;; esac
exit $status
`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return folder;
}

/** The fleet's folder, and that of the repository that has its refs. */
function fleetWith(url: string | undefined): SmallFleet & { readonly config: string } {
  const folder = join(temporaryFolder(), 'fleet');
  mkdirSync(folder);
  const fleet = smallFleet(folder);
  if (url === undefined) return { ...fleet, config: folder };
  const config = join(folder, url);
  fleet.git('init', '--quiet', '--bare', config);
  writeFileSync(join(folder, 'khp.yml'), `paths: [/etc/app]\npublish: { url: ${url} }\n`);
  fleet.edit('with a config repository');
  return { ...fleet, config };
}

test.each([undefined, '../config.git'])(
  'a compile that is killed when its bundles are there has its entry in the audit (url %s)',
  { timeout: 120_000 },
  async (url) => {
    const fleet = fleetWith(url);
    const script = join(ROOT, 'compiler/cli/khp.js');
    const PATH = `${killingGit()}:${process.env['PATH']}`;
    for (const _ of ['the first one', 'one on top']) {
      fleet.edit(_);
      const killed = await run(process.execPath, [script, '-C', fleet.folder, 'compile'], { PATH });
      expect(killed).toMatchObject({ status: null, stdout: '' });
      const bundles = (await git(fleet.config, 'rev-parse', 'bundles')).stdout.trim();
      const entry = (await git(fleet.config, 'show', 'audit:operation.json')).stdout;
      expect(JSON.parse(entry)).toMatchObject({ action: 'compile', result: 'done', bundles });
      // Once is enough.
      const again = await khp(fleet.folder, 'compile');
      expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('published already as') });
    }
    expect((await git(fleet.config, 'rev-list', '--count', 'audit')).stdout).toBe('2\n');
    expect((await git(fleet.config, 'rev-list', '--count', 'bundles')).stdout).toBe('2\n');
  },
);
