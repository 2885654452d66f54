#!/usr/bin/env node
import { readFileSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..', '..');

/** The folder of the bundle that scripts/bundle.ts makes of the modules; undefined unless all of them are as they were. */
function freshBundle() {
  const bundles = join(root, '.khp', 'bundle');
  try {
    const { made, folder, inputs } = JSON.parse(readFileSync(join(bundles, 'current.json'), 'utf8'));
    // It names files by where the modules were; the whole of them may be elsewhere, as they were.
    if (made !== root) return undefined;
    const isFresh = inputs.every(([path, state]) => {
      const { size, mtimeMs, ctimeMs, ino } = statSync(`${root}/${path}`);
      return `${size} ${mtimeMs} ${ctimeMs} ${ino}` === state;
    });
    return isFresh ? join(bundles, folder) : undefined;
  } catch {
    return undefined;
  }
}

// What Node makes of our code is kept beside it, where nobody else can write: half the time of a short command.
const bundle = freshBundle();
enableCompileCache(join(bundle ?? join(root, '.khp'), 'compile-cache'));
await import(bundle === undefined ? './khp.ts' : pathToFileURL(join(bundle, 'khp.js')).href);
