#!/usr/bin/env node
// Before all else: what follows is more than older ones have.
if (!process.features.typescript) {
  console.error(
    `khp: Node ${process.version} cannot run khp; \`npx khp\` takes the one that \`npm run setup\` installs`,
  );
  process.exit(2);
}

// To import a module of Node is to ask for all that it exports, which loads much that nobody needs.
const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
const { enableCompileCache } = process.getBuiltinModule('node:module');
const { dirname, join } = process.getBuiltinModule('node:path');
const { pathToFileURL } = process.getBuiltinModule('node:url');
const { setFlagsFromString } = process.getBuiltinModule('node:v8');

const root = join(import.meta.dirname, '..', '..');

/** The file of the bundle that scripts/bundle.ts makes; undefined unless all that it was made of is as it was. */
function freshFile() {
  const bundles = join(root, '.khp', 'bundle');
  try {
    const { made, folder, inputs, alone } = JSON.parse(readFileSync(join(bundles, 'current.json'), 'utf8'));
    // It names files by where the modules were; the whole of them may be elsewhere, as they were.
    if (made !== root) return undefined;
    const name = commandName();
    const isAlone = alone.commands.includes(name);
    const used = isAlone ? alone.inputs.map((at) => inputs[at]) : inputs;
    const isFresh = used.every(([path, state]) => {
      const { size, mtimeMs, ctimeMs, ino } = statSync(`${root}/${path}`);
      return `${size} ${mtimeMs} ${ctimeMs} ${ino}` === state;
    });
    return isFresh ? join(bundles, folder, isAlone ? `${name}.js` : 'khp.js') : undefined;
  } catch {
    return undefined;
  }
}

/** The command that the arguments name: the first that is neither an option nor the folder of `-C`. */
function commandName() {
  const args = process.argv.slice(2);
  return args.find((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-C');
}

// Most of what a short command makes it needs for a moment. In a young generation that grows at once, and not by doubling,
// it is not copied by a collection every few milliseconds: a tenth of the processor time of `khp inventory`.
setFlagsFromString('--semi-space-growth-factor=16');
// What types a function meets is noted from its first call on, and not from its eighth: a short command calls few that often
// before it ends, and what it calls thousands of times is optimized earlier. A twentieth of the time of `khp inventory`.
setFlagsFromString('--no-lazy-feedback-allocation');

const file = freshFile();
// What Node makes of our code is kept beside it, where nobody else can write: half the time of a short command.
enableCompileCache(join(file ? dirname(file) : join(root, '.khp'), 'compile-cache'));
await import(file ? pathToFileURL(file).href : './khp.ts');
