/**
 * The process that is killed: recovers, then applies one promotion after another, now and then rolls one back, and says so
 * on stdout: a number when it begins, the same with a plus when it was acknowledged. `recover`: it only recovers.
 */
import { writeSync } from 'node:fs';
import { nodeDisk } from '../../runner/host/apply/disk.ts';
import { thisMoment } from '../../runner/host/observe/moment.ts';
import { readState } from '../../runner/host/state/store.ts';
import { advance } from './advance.ts';
import { recoverHost, scenarioHost } from './crash-scenario.ts';
import { watchedDisk } from './stopped-disk.ts';

const [root, what] = process.argv.slice(2) as [string, string];
// A recovery takes few milliseconds: slowed down, so that most kills hit it.
const clock = new Int32Array(new SharedArrayBuffer(4));
const disk = what === 'recover' ? watchedDisk(nodeDisk, () => void Atomics.wait(clock, 0, 0, 2)) : nodeDisk;
const host = scenarioHost(disk, root, thisMoment);
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function live(): Promise<void> {
  say('ready');
  recoverHost(host);
  say('recovered');
  if (what === 'recover') return;
  for (;;) {
    const { active, watermark } = readState(host.engine.rooted);
    say(`${watermark?.seq ?? 0}`);
    await advance(host);
    const reached = readState(host.engine.rooted);
    say(`+${reached.watermark?.seq} ${reached.active?.record.generation}`);
    if (active?.record.generation === reached.active?.record.generation) throw new Error('nothing was done');
  }
}

void live();
