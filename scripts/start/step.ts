import { styleText } from 'node:util';

/** A step of the run: what it did, in one line, and how long it took. */
export interface StepResult {
  readonly title: string;
  readonly seconds: number;
}

const results: StepResult[] = [];

/**
 * Runs one step: shows its title while it runs (on a terminal, with what it tells of its progress), then its result and
 * its time. The action returns the line to print.
 */
export async function step(
  title: string,
  action: (tell: (text: string) => void) => Promise<string>,
): Promise<void> {
  const live = process.stdout.isTTY === true;
  const tell = (text: string) => {
    if (live) process.stdout.write(`\r\u001b[K  ${title} ${styleText('dim', text)}`);
  };
  tell('...');
  const start = performance.now();
  const said = await action(tell);
  const seconds = (performance.now() - start) / 1000;
  if (live) process.stdout.write('\r\u001b[K');
  results.push({ title, seconds });
  console.log(`${styleText('green', '✔')} ${title.padEnd(42)} ${formatSeconds(seconds)}  ${said}`);
}

export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(2).padStart(6)} s`;
}

/** Every step so far, in order. */
export function stepResults(): readonly StepResult[] {
  return results;
}
