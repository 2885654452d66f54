import type { Templar } from './templar.ts';

// Rendering is synchronous, so one record serves all.
const active: Templar[] = [];

/** Runs `render` with a templar that lookups and filters can ask for. */
export function withTemplar<T>(templar: Templar, render: () => T): T {
  active.push(templar);
  try {
    return render();
  } finally {
    active.pop();
  }
}

/** The templar of the render that is running. */
export function activeTemplar(): Templar {
  const templar = active.at(-1);
  if (!templar) throw new Error('no templar is rendering');
  return templar;
}
