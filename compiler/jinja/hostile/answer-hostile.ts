import { readFileSync } from 'node:fs';
import { JinjaError, LimitError } from '../jinja.ts';
import type { HostileCase } from './hostile-case.ts';

/** How a case ended. */
export interface HostileRun {
  readonly output?: string;
  readonly error?: {
    readonly class: string;
    readonly message: string;
    readonly limit?: string;
    readonly line?: number;
  };
  /** Milliseconds of processor time that the case took, and the most megabytes that the process ever had. */
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** Megabytes after which a process takes no further case. */
const GROWN = 256;

type Render = (test: HostileCase) => string;

function endOf(test: HostileCase, render: Render): Pick<HostileRun, 'output' | 'error'> {
  try {
    return { output: render(test) };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return {
      error: {
        class: error.name,
        message: error.message,
        ...(error instanceof LimitError ? { limit: error.limit } : {}),
        ...(error.place ? { line: error.place.line } : {}),
      },
    };
  }
}

function run(test: HostileCase, render: Render): HostileRun {
  const before = process.cpuUsage();
  const end = endOf(test, render);
  const { user, system } = process.cpuUsage(before);
  // What a hostile template may have put on a prototype must not come along.
  if (Object.keys(Object.prototype).length + Object.keys(Array.prototype).length > 0) {
    throw new Error('a prototype was changed');
  }
  return { ...end, milliseconds: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 };
}

/**
 * Renders hostile cases, a JSON array on stdin, and says on stdout, a JSON line each, how each ended and what it took.
 * It leaves the rest of them when the process has grown, so that the memory of one case doesn't count for the next.
 */
export function answerHostile(render: Render): void {
  for (const test of JSON.parse(readFileSync(0, 'utf8')) as HostileCase[]) {
    process.stdout.write(`${JSON.stringify(run(test, render))}\n`);
    if (process.resourceUsage().maxRSS / 1024 > GROWN) break;
  }
}
