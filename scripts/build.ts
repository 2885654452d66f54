/** `npm run build [folder]`: dist/khp-runner.js, the runner in one file that needs Node 20 or later and git, and nothing else. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));

// Below this project's package.json the file would be taken for a module.
const PACKAGE = '{ "type": "commonjs" }\n';
const packageFile = join(folder, 'package.json');
if (existsSync(packageFile) && readFileSync(packageFile, 'utf8') !== PACKAGE) {
  process.stderr.write(`${packageFile} is of another project: name an empty folder\n`);
  process.exit(2);
}

const { warnings } = await build({
  entryPoints: [join(root, 'runner', 'host', 'khp-runner.ts')],
  outfile: join(folder, 'khp-runner.js'),
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // A file that ends in .js and stands alone is CommonJS to every Node 20.
  format: 'cjs',
  legalComments: 'inline',
  logLevel: 'warning',
});
writeFileSync(packageFile, PACKAGE);
process.exitCode = warnings.length > 0 ? 1 : 0;
