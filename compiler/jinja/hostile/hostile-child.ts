/** Renders one hostile case, from stdin as JSON, and says on stdout how it ended and what it took. */
import { readFileSync } from 'node:fs';
import { DictLoader, Environment, JinjaError, LimitError } from '../jinja.ts';
import type { HostileCase } from './hostile-case.ts';

/** How a case ended. */
export interface HostileEnd {
  readonly output?: string;
  readonly error?: {
    readonly class: string;
    readonly message: string;
    readonly limit?: string;
    readonly line?: number;
  };
  /** Milliseconds of processor time, most megabytes of memory, of the whole process. */
  readonly milliseconds: number;
  readonly megabytes: number;
}

function run({ source, context, templates, options }: HostileCase): Pick<HostileEnd, 'output' | 'error'> {
  try {
    const environment = new Environment({ ...options, loader: new DictLoader(templates ?? {}) });
    return { output: environment.fromString(source).render(context ?? {}) };
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

const test = JSON.parse(readFileSync(0, 'utf8')) as HostileCase;
const before = process.cpuUsage();
const end = run(test);
const { user, system } = process.cpuUsage(before);
const usage = { milliseconds: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 };
// What a hostile template may have put on a prototype must not come along.
const clean = Object.keys(Object.prototype).length === 0 && Object.keys(Array.prototype).length === 0;
if (!clean) throw new Error('a prototype was changed');
process.stdout.write(JSON.stringify({ ...end, ...usage } satisfies HostileEnd));
