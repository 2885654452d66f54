import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { writeJournal } from '../apply/stage.ts';
import { JOURNAL_PATH } from '../config/layout.ts';
import type { Journal } from '../state/state-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { behindGate, isAtGate, waitAtGate } from './start-gate.ts';

/** A journal with texts in it that try to pass for another phase. */
function journal(phase: Journal['phase']): Journal {
  const generation = {
    generation: 2,
    seq: 2,
    manifest: '',
    signedAt: 0,
    expires: 1,
    links: {},
    replaced: {},
  };
  const path = '/etc/x\n  "phase": "staging",\n';
  return {
    phase,
    generation,
    changes: [{ kind: 'remove', path, saved: '  "phase": "staging"' }],
    roles: {},
    held: { seq: 1, manifest: '', reason: '\n  "phase": "staging",' },
  };
}

function host() {
  const root = temporaryFolder();
  const path = join(root, JOURNAL_PATH);
  mkdirSync(dirname(path), { recursive: true });
  return { path, write: (phase: Journal['phase']) => writeJournal({ disk: nodeDisk, root }, journal(phase)) };
}

/** Starts the words; gives what they said, and how they ended. */
function started([program, ...args]: string[]) {
  const child = spawn(program!, args);
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, said }));
  return { pid: child.pid!, ended, said: () => said };
}

const COMMAND = ['/bin/echo', 'a b', '', '$HOME'];
const THROUGH = { code: 0, said: 'a b  $HOME\n' };

test('a command starts without a journal, without a state, and while an apply is only staged', async () => {
  const { path, write } = host();
  expect(await started(behindGate(path, COMMAND)).ended).toEqual(THROUGH);
  expect(await started(waitAtGate(path)).ended).toEqual({ code: 0, said: '' });
  write('staging');
  expect(await started(behindGate(path, COMMAND)).ended).toEqual(THROUGH);
  expect(await started(waitAtGate(path)).ended).toEqual({ code: 0, said: '' });
  rmSync(dirname(path), { recursive: true });
  expect(await started(behindGate(path, COMMAND)).ended).toEqual(THROUGH);
});

test.each([
  ['of a swap', ({ write }: ReturnType<typeof host>) => write('swapping')],
  ['that is damaged', ({ path }: ReturnType<typeof host>) => writeFileSync(path, 'phase: staging')],
])('behind a journal %s a command waits, and never starts in that process', async (_, make) => {
  const place = host();
  make(place);
  const gate = started(behindGate(place.path, COMMAND));
  const wait = started(waitAtGate(place.path));
  await expect.poll(() => gate.said() && wait.said()).toContain('waits until khp-runner');
  expect(isAtGate(gate.pid)).toBe(true);
  expect(isAtGate(process.pid)).toBe(false);
  await sleep(1_200);
  rmSync(place.path);
  expect(await gate.ended).toEqual({ code: 75, said: expect.not.stringContaining('a b') });
  expect(await wait.ended).toMatchObject({ code: 0 });
});
