import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process and those that it started took. */
export interface MeasuredRun {
  readonly stdout: string;
  /** On the wall. */
  readonly ms: number;
  /** Processor time of all of them. */
  readonly cpuMs: number;
  /** The peaks of all of them together; 0 where there is no /proc. */
  readonly peakMiB: number;
}

// Often enough for peaks, which the kernel keeps, and rarely enough to leave both cores to what is measured.
const SAMPLE_MS = 100;

/** Runs a program to its end. Throws where it fails. `input` is written to its stdin. */
export function measuredRun(
  command: readonly [string, ...string[]],
  { cwd, input = [] }: { cwd: string; input?: readonly Uint8Array[] },
): Promise<MeasuredRun> {
  const peaks = new Map<number, number>();
  const cpuBefore = childrenCpuMs();
  const start = performance.now();
  const child = spawn(command[0], command.slice(1), { cwd, stdio: 'pipe' });
  const sampling = setInterval(() => {
    for (const pid of withChildren(child.pid!)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakKiB(pid)));
  }, SAMPLE_MS);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  for (const bytes of input) child.stdin.write(bytes);
  child.stdin.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(sampling);
      const ms = performance.now() - start;
      if (status !== 0) {
        reject(new Error(`${command.join(' ')} ended with ${status}: ${stderr}${stdout}`));
        return;
      }
      const peak = [...peaks.values()].reduce((sum, one) => sum + one, 0);
      resolve({ stdout, ms, cpuMs: childrenCpuMs() - cpuBefore, peakMiB: Math.round(peak / 1024) });
    });
  });
}

function withChildren(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(withChildren)];
  } catch {
    return [];
  }
}

function peakKiB(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Processor time of all processes that ended and that this one has started; ticks are of 10 ms. */
function childrenCpuMs(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return 0;
  }
}
