/**
 * The process that renders the pages: `node run-astro.ts SCRATCH OUT`, with KHP_SITE_DATA set. A process of its own,
 * since Astro keeps state in its process (loaded modules, environment) and writes beside its root: that is a scratch
 * folder here, never the clone.
 */
import { join } from 'node:path';
import { build } from 'astro';

const [scratch, outDir] = process.argv.slice(2);
if (scratch === undefined || outDir === undefined) throw new Error('usage: run-astro.ts SCRATCH OUT');

await build({
  configFile: false,
  root: scratch,
  srcDir: import.meta.dirname,
  publicDir: join(scratch, 'public'),
  cacheDir: join(scratch, 'cache'),
  outDir,
  output: 'static',
  trailingSlash: 'ignore',
  // Some servers hide folders that begin with an underscore, as Astro's own name for this one does.
  build: { format: 'directory', assets: 'assets' },
  compressHTML: true,
  devToolbar: { enabled: false },
  logLevel: 'error',
  // An own (empty) configuration of PostCSS, or Vite looks for one in every folder above.
  vite: { cacheDir: join(scratch, 'vite'), logLevel: 'error', css: { postcss: {} } },
});
