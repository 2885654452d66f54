import type { Compile } from './engines.ts';

/** What to do: read from the first line of a measuring process's input. */
export interface Job {
  readonly source: string;
  readonly variables: Record<string, unknown>;
  readonly renders: number;
  readonly compiles: number;
}

/** What a process measured; milliseconds. */
export interface Measurement {
  readonly output: string;
  readonly renderAll: number;
  /** One for each compilation, in order; the first one is cold. */
  readonly compile: readonly number[];
}

/** Renders to warm up, not counted. */
const WARM_UP = 1000;

/** Measures an engine in this process. */
export function measure(compile: Compile, job: Job): Measurement {
  const times = Array.from({ length: job.compiles }, () => {
    const start = performance.now();
    compile(job.source);
    return performance.now() - start;
  });
  const render = compile(job.source);
  for (let left = WARM_UP; left > 0; left--) render(job.variables);
  const start = performance.now();
  let output = '';
  for (let left = job.renders; left > 0; left--) output = render(job.variables);
  return { output, renderAll: performance.now() - start, compile: times };
}
