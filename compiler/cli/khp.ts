#!/usr/bin/env node
import { loadCommands } from './commands.ts';
import { runProgram } from './run-program.ts';

await runProgram(await loadCommands(process.argv.slice(2)));
