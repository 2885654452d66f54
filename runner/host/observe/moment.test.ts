import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { lookAtProcess } from '../services/processes.ts';
import { thisMoment } from './moment.ts';

/** The start of a process that is started now. */
function startNow(): { boot: string; ticks: number } {
  const child = spawn('sleep', ['100'], { stdio: 'ignore' });
  const seen = lookAtProcess(child.pid!);
  child.kill('SIGKILL');
  return seen!.start;
}

test('a moment stands between the starts before it and those behind it', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    const before = startNow();
    const moment = thisMoment();
    const after = startNow();
    expect(before.boot).toBe(moment.boot);
    expect(before.ticks).toBeLessThanOrEqual(moment.ticks);
    expect(after.ticks).toBeGreaterThanOrEqual(moment.ticks);
    await new Promise((done) => setTimeout(done, 7));
  }
});
