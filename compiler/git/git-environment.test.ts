import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Caller, runGit } from './run-git.ts';
import { temporaryRepository } from './temporary-repository.ts';

test('what a server sends fills neither the disk nor the memory of a host', async () => {
  const { gitDir } = await temporaryRepository();
  const shell = (caller: Caller, command: string, remote = true) =>
    runGit({ caller, gitDir, remote, args: ['-c', `alias.try=!${command}`, 'try'] });
  const file = join(gitDir, 'sent');
  await shell('host', `truncate -s 191M ${file}`);
  await expect(shell('host', `truncate -s 193M ${file}`)).rejects.toThrow('git -c');
  expect((await shell('host', 'ulimit -v')).stdout.toString()).toBe(`${4 << 20}\n`);
  // An operator's repository is as large as it is.
  await shell('operator', `truncate -s 193M ${file}`);
  await shell('host', `truncate -s 193M ${file}`, false);
});
