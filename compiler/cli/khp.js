#!/usr/bin/env node
import { readFileSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..', '..');

/** The bundle that scripts/bundle.ts makes of the modules; undefined unless all that it was made of is as it was. */
function freshBundle() {
  const bundles = join(root, '.khp', 'bundle');
  try {
    const { folder, inputs } = JSON.parse(readFileSync(join(bundles, 'current.json'), 'utf8'));
    const isFresh = inputs.every(([path, state]) => {
      const { size, mtimeMs, ctimeMs, ino } = statSync(`${root}/${path}`);
      return `${size} ${mtimeMs} ${ctimeMs} ${ino}` === state;
    });
    return isFresh ? pathToFileURL(join(bundles, folder, 'khp.js')).href : undefined;
  } catch {
    return undefined;
  }
}

// What Node makes of our TypeScript is kept beside the code, where nobody else can write: half the time of a short command.
enableCompileCache(join(root, '.khp', 'compile-cache'));
await import(freshBundle() ?? './khp.ts');
