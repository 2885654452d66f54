import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { enter } from './lock.ts';

const LOCK = join(import.meta.dirname, 'lock.ts');

const HOLD = `
  import { spawn } from 'node:child_process';
  import { enter } from ${JSON.stringify(LOCK)};
  const [lock, ...command] = process.argv.slice(2);
  process.send(enter(lock) !== undefined);
  if (command.length > 0) process.send(spawn(command[0], command.slice(1), { stdio: 'inherit', detached: true }).pid);
  process.on('message', () => process.exit());`;

/** Starts processes that enter and stay, or say that they could not. */
function holderStarter() {
  const folder = temporaryFolder();
  const program = join(folder, 'hold.mjs');
  // A hundred are started at once: each that strips types by itself would take twice the time.
  buildSync({
    stdin: { contents: HOLD, resolveDir: import.meta.dirname },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const lock = join(folder, 'lock');
  const start = (command: readonly string[] = []) =>
    fork(program, [lock, ...command], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return { lock, start };
}

test('of a hundred processes at once one enters', async () => {
  const { start } = holderStarter();
  const holders = Array.from({ length: 100 }, () => start());
  const entered = await Promise.all(
    holders.map(async (holder) => (await once(holder, 'message'))[0] as boolean),
  );
  for (const holder of holders) holder.kill('SIGKILL');
  expect(entered.filter(Boolean)).toHaveLength(1);
}, 180_000);

test('a killed holder, reaped or not, frees it at once; its leftovers go', async () => {
  const { lock: folder, start } = holderStarter();
  for (let round = 0; round < 5; round += 1) {
    const holder = start();
    expect((await once(holder, 'message'))[0]).toBe(true);
    expect(enter(folder)).toBeUndefined();
    holder.kill('SIGKILL');
    const deadline = Date.now() + 1000;
    let lock = enter(folder);
    while (!lock && Date.now() < deadline) lock = enter(folder);
    expect(lock).toBeDefined();
    lock?.release();
  }
  expect(readdirSync(folder)).toHaveLength(1);
});

test('what a killed holder started does not hold it', async () => {
  const { lock: folder, start } = holderStarter();
  const holder = start(['sleep', '600']);
  const [entered] = (await once(holder, 'message')) as [boolean];
  const [pid] = (await once(holder, 'message')) as [number];
  expect(entered).toBe(true);
  holder.kill('SIGKILL');
  try {
    const deadline = Date.now() + 1000;
    let lock = enter(folder);
    while (!lock && Date.now() < deadline) lock = enter(folder);
    expect(lock).toBeDefined();
    process.kill(pid, 0);
  } finally {
    process.kill(pid, 'SIGKILL');
  }
});

test("a ticket of another boot, of a reused pid, or cut off by a power loss is nobody's", async () => {
  const folder = join(temporaryFolder(), 'lock');
  const first = enter(folder)!;
  expect(enter(folder)).toBeUndefined();
  first.release();
  for (const text of [`${process.pid} 1 other-boot`, '', `${process.pid} 12`]) {
    const highest = Math.max(...readdirSync(folder).map(Number));
    writeFileSync(join(folder, String(highest + 1)), text);
    const lock = enter(folder);
    expect(lock, JSON.stringify(text)).toBeDefined();
    lock?.release();
  }
});
