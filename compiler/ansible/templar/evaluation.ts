import { used } from '../../jinja/jinja.ts';

/**
 * One evaluation of a variable, or of something whole: what was asked on the way, and what it cost. A variable is
 * evaluated once, and whoever uses its value again is charged and told as if it had evaluated the variable itself, so
 * that no render depends on what was rendered before it.
 */
export interface Evaluation {
  /** In order: numbers of reads, and evaluations whose results were used. */
  readonly trail: (number | Evaluation)[];
  /** What it cost without the evaluations in its trail. */
  steps: number;
  allocation: number;
  /** How many levels deeper it went. */
  levels: number;
  /** The account of a render that it was last charged to. */
  account: number;
  /** It looked for texts along the search path. */
  searched: boolean;
  /** It met a variable that was being evaluated around it: alone, it would give something else. */
  within: boolean;
  /** A variable was met, in it or around it, that was being evaluated: within another one it may give something else. */
  looped: boolean;
}

interface Running extends Evaluation {
  readonly around: Running | undefined;
  /** Evaluations around it. */
  readonly height: number;
  /** What evaluations in its trail have cost. */
  innerSteps: number;
  innerAllocation: number;
}

// Rendering is synchronous, so one record serves all.
let running: Running | undefined;

/** Runs `work`, and gives with its result what it asked and cost; who runs it is told all of it. */
export function evaluated<T>(work: () => T): { value: T; evaluation: Evaluation } {
  const own: Running = {
    trail: [],
    steps: 0,
    allocation: 0,
    levels: 0,
    account: used.account,
    searched: false,
    within: false,
    looped: false,
    around: running,
    height: running ? running.height + 1 : 0,
    innerSteps: 0,
    innerAllocation: 0,
  };
  const { steps, allocation, deepest, depth } = used;
  used.deepest = depth;
  running = own;
  try {
    return { value: work(), evaluation: own };
  } finally {
    running = own.around;
    const allSteps = used.steps - steps;
    const allAllocation = used.allocation - allocation;
    own.steps = allSteps - own.innerSteps;
    own.allocation = allAllocation - own.innerAllocation;
    own.levels = used.deepest - depth;
    if (deepest > used.deepest) used.deepest = deepest;
    tell(own, allSteps, allAllocation);
  }
}

function tell(evaluation: Evaluation, steps: number, allocation: number): void {
  if (!running) return;
  running.trail.push(evaluation);
  running.innerSteps += steps;
  running.innerAllocation += allocation;
  if (evaluation.searched) running.searched = true;
  if (evaluation.looped) running.looped = true;
}

/**
 * Charges and tells the use of an earlier evaluation's result. False, with nothing done, where it has to be evaluated
 * again: where the render may not use so much, and fails for it, and where it may give something else.
 */
export function reused(evaluation: Evaluation): boolean {
  const { limits, depth } = used;
  if (evaluation.looped && open > 0) return false;
  if (depth + evaluation.levels > limits.maxDepth) return false;
  const uncharged: Evaluation[] = [];
  collectUncharged(evaluation, uncharged);
  let steps = 0;
  let allocation = 0;
  for (const one of uncharged) {
    steps += one.steps;
    allocation += one.allocation;
  }
  if (used.steps + steps > limits.maxSteps || used.allocation + allocation > limits.maxAllocation) {
    // None of them was charged after all.
    for (const one of uncharged) one.account = -1;
    return false;
  }
  used.steps += steps;
  used.allocation += allocation;
  used.deepest = Math.max(used.deepest, depth + evaluation.levels);
  tell(evaluation, steps, allocation);
  return true;
}

/** Those of an evaluation and what it used that the running render has not been charged for; marks them as charged. */
function collectUncharged(evaluation: Evaluation, found: Evaluation[]): void {
  if (evaluation.account === used.account) return;
  evaluation.account = used.account;
  found.push(evaluation);
  for (const one of evaluation.trail) if (typeof one !== 'number') collectUncharged(one, found);
}

/** Tells who evaluates that something was read. */
export function noteRead(read: number): void {
  running?.trail.push(read);
}

/** Tells who evaluates that texts were looked for along the search path. */
export function noteSearch(): void {
  if (running) running.searched = true;
}

/** A variable that is being evaluated. */
export interface OpenVariable {
  readonly name: string;
  /** Evaluations around it and its own. */
  readonly height: number;
}

let open = 0;

/** Runs what evaluates a variable, given how many evaluations are running. */
export function opened<T>(work: (height: number) => T): T {
  open++;
  try {
    return work(running ? running.height + 1 : 0);
  } finally {
    open--;
  }
}

/** How the error begins of a variable that needs itself. */
export const LOOP = 'recursive loop detected';

/** Tells that a variable was asked for whose evaluation, at some height, is running still. */
export function noteLoop(at: number): void {
  for (let one = running; one; one = one.around) {
    one.looped = true;
    if (one.height >= at) one.within = true;
  }
}

/** The reads of an evaluation and of all that it used, each once, in the order in which one that knew nothing asked. */
export function readsOf(evaluation: Evaluation): number[] {
  const reads = new Set<number>();
  const seen = new Set<Evaluation>();
  const visit = ({ trail }: Evaluation): void => {
    for (const one of trail) {
      if (typeof one === 'number') reads.add(one);
      else if (!seen.has(one)) {
        seen.add(one);
        visit(one);
      }
    }
  };
  visit(evaluation);
  return [...reads];
}
