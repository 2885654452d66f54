import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../console.ts';
import { checked, decodeValue } from './read-value.ts';

/**
 * What the user's editor makes of a text. The text lies in a file that the user alone may read, in memory where the
 * machine has such a folder, and is removed however the editor ends.
 */
export async function editText(text: string): Promise<string> {
  const folder = mkdtempSync(join(privateFolder(), 'khp-secret-'));
  const file = join(folder, 'value');
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    await runEditor(file);
    const edited = decodeValue(readFileSync(file));
    // Editors end the last line of what they write.
    return checked(!text.endsWith('\n') && edited.endsWith('\n') ? edited.slice(0, -1) : edited);
  } finally {
    overwrite(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

function privateFolder(): string {
  for (const folder of [process.env.XDG_RUNTIME_DIR, '/dev/shm']) {
    try {
      if (!folder || !statSync(folder).isDirectory()) continue;
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // Not on this machine.
    }
  }
  return tmpdir();
}

function overwrite(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(statSync(file).size));
  } catch {
    // Removed by the editor.
  }
}

function runEditor(file: string): Promise<void> {
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
  // Ctrl-C is the editor's; the file must be removed behind it.
  const ignore = (): void => {};
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, ignore);
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  return new Promise<void>((resolve, reject) => {
    child.on('error', () => reject(new UsageError(`the editor ${editor} cannot be run`)));
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new UsageError(`the editor ${editor} failed; nothing was changed`));
    });
  }).finally(() => {
    for (const signal of signals) process.off(signal, ignore);
  });
}
