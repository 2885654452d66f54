import { spawn } from 'node:child_process';
import type { HostileRun } from './answer-hostile.ts';

/** How a case ended, or how it ended its process. */
export type HostileResult<Run = HostileRun> = Run | { readonly died: string };

/** What is handed to a program; a long text of it counts. */
interface Case {
  readonly name: string;
  readonly source?: string;
}

/** Megabytes of heap that a process may have. */
const HEAP = 512;

/** Milliseconds without an answer after which a process is killed. */
const PATIENCE = 60_000;

interface Batch<Run> {
  readonly runs: readonly Run[];
  /** Why the process ended before its time. */
  readonly died: string | undefined;
}

function runBatch<Run>(program: string, cases: readonly Case[]): Promise<Batch<Run>> {
  const args = [`--max-old-space-size=${HEAP}`, program];
  const child = spawn(process.execPath, args);
  const watch = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const answers: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    answers.push(chunk);
    watch.refresh();
  });
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  // A child that died reads no more; its end says so.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(cases));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(watch);
      const lines = Buffer.concat(answers).toString().split('\n').slice(0, -1);
      const complaint = Buffer.concat(complaints).toString().slice(0, 2000);
      const died = code === 0 ? undefined : `ended by ${signal ?? code}: ${complaint}`;
      resolve({ runs: lines.map((line) => JSON.parse(line) as Run), died });
    });
  });
}

/** Characters of sources that one process is given, unless one case alone has more. */
const BATCH = 1 << 20;

/** The first cases that make a batch. */
function firstOf(cases: readonly Case[]): readonly Case[] {
  let size = 0;
  let end = 0;
  while (end < cases.length && (end === 0 || size < BATCH)) size += cases[end++]!.source?.length ?? 0;
  return cases.slice(0, end);
}

/**
 * Runs cases in processes of `program` with little memory: it reads a JSON array of them, answers each with a line of
 * JSON, and may end before the last. A case that ends its process otherwise is answered with `died`.
 */
export async function runHostile<Run = HostileRun>(
  program: string,
  cases: readonly Case[],
): Promise<HostileResult<Run>[]> {
  const results: HostileResult<Run>[] = [];
  while (results.length < cases.length) {
    const { runs, died } = await runBatch<Run>(program, firstOf(cases.slice(results.length)));
    results.push(...runs);
    if (died !== undefined) results.push({ died });
  }
  return results;
}
