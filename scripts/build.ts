/**
 * `npm run build [folder]`: into dist/, the runner as one file that needs Node 20 or later and git, as one executable that
 * needs git, and the files that have systemd or supervisord run it.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));

// CommonJS to every Node, whatever package.json stands in a folder above.
const script = join(folder, 'khp-runner.cjs');
const { warnings } = await build({
  entryPoints: [join(root, 'runner', 'host', 'khp-runner.ts')],
  outfile: script,
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'inline',
  // The daemon keeps the text in memory. Names stay as they are, for those who read what root runs, and for traces.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
});
for (const name of ['khp-runner.service', 'khp-runner.conf'])
  copyFileSync(join(root, 'runner/host/daemon', name), join(folder, name));
process.exitCode = warnings.length > 0 || !buildExecutable() ? 1 : 0;

/** This Node with the script inside; see Node's "Single executable applications". */
function buildExecutable(): boolean {
  const config = join(folder, 'executable.json');
  writeFileSync(
    config,
    JSON.stringify({
      main: script,
      output: join(folder, 'khp-runner'),
      disableExperimentalSEAWarning: true,
      // Half of what the program takes beside Node's own pages would be machine code; most of its time is git's.
      execArgv: ['--jitless', '--max-semi-space-size=1'],
      // NODE_OPTIONS of whoever starts it are nothing to a program of root's.
      execArgvExtension: 'none',
    }),
  );
  const { status, stderr } = spawnSync(process.execPath, ['--build-sea', config], { encoding: 'utf8' });
  rmSync(config);
  if (status !== 0) process.stderr.write(`the executable was not built: ${stderr}\n`);
  return status === 0;
}
