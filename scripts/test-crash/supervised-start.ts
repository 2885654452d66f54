import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inFolderIfThere, type RootedDisk } from '../../runner/host/apply/folders.ts';
import { JOURNAL, STATE_PATH } from '../../runner/host/config/layout.ts';
import type { Host } from '../../runner/host/run/run-once.ts';
import { behindGate } from '../../runner/host/services/start-gate.ts';
import { mixtureOf } from './simulated-service.ts';

/** What a supervisor would do that starts a service now, with no runner there. */
export interface SupervisedStart {
  /** Whether the service would begin; else it waits. */
  readonly begins: boolean;
  /** What is wrong with that: it reads what is not wholly one promotion's, or waits where nothing is between two. */
  readonly fault: string | undefined;
}

/** Whether a supervisor would start a service on this disk, and whether it should. */
export async function supervisedStart(
  host: Host,
  isOpen: (rooted: RootedDisk) => Promise<boolean> = isGateOpen,
): Promise<SupervisedStart> {
  const { rooted } = host.engine;
  const begins = await isOpen(rooted);
  const mixture = begins ? mixtureOf(host) : undefined;
  if (mixture !== undefined) return { begins, fault: `a service starts, and reads ${mixture}` };
  const isInVain = !begins && !isSwapping(journalIn(rooted));
  return { begins, fault: isInVain ? 'a service waits, and no swap is under way' : undefined };
}

const answers = new Map<string, Promise<boolean>>();

/** Asks the gate that stands in the programs of services, in a real shell: once for each journal. */
function isGateOpen(rooted: RootedDisk): Promise<boolean> {
  const journal = journalIn(rooted);
  const key = journal ?? 'none';
  const known = answers.get(key) ?? askGate(journal);
  answers.set(key, known);
  return known;
}

function journalIn(rooted: RootedDisk): string | undefined {
  return inFolderIfThere(rooted, STATE_PATH, (state) =>
    rooted.disk.look(state, JOURNAL) ? rooted.disk.readFile(state, JOURNAL).toString('utf8') : undefined,
  );
}

/** As JSON says it, which the gate does not know. A journal that is none is the fault of a bug, and no reason to start. */
function isSwapping(journal: string | undefined): boolean {
  if (journal === undefined) return false;
  try {
    return (JSON.parse(journal) as { phase: string }).phase !== 'staging';
  } catch {
    return true;
  }
}

async function askGate(journal: string | undefined): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'khp-gate-'));
  try {
    const path = join(folder, JOURNAL);
    if (journal !== undefined) writeFileSync(path, journal);
    const [program, ...args] = behindGate(path, ['/bin/true']);
    const child = spawn(program!, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve(code === 0));
      // It says that it waits, and would for ever.
      child.stdout.once('data', () => process.kill(-child.pid!, 'SIGKILL'));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
