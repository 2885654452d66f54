import { LimitError } from './errors.ts';

/** How much a template may use. Everything is counted, nothing is timed, so limits fall alike on every machine. */
export interface Limits {
  /** Characters of a template's source. */
  readonly maxSource: number;
  /** Texts, tags, names, operators … of a template's source. */
  readonly maxTokens: number;
  /** Depth of nested expressions and statements in a source. */
  readonly maxNesting: number;
  /** Iterations, calls and items visited, in one render and everything that it renders. */
  readonly maxSteps: number;
  /** Characters of one text, and of the output. */
  readonly maxString: number;
  /** Characters of all texts of over 1,024 characters made in one render. */
  readonly maxAllocation: number;
  /** Items of one range, list or padding. */
  readonly maxItems: number;
  /** Bits of an integer. */
  readonly maxBits: number;
  /** Depth of macros, includes, blocks, recursive loops and templated variables within each other. */
  readonly maxDepth: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxSource: 4 * 1024 * 1024,
  maxTokens: 100_000,
  maxNesting: 150,
  maxSteps: 2_000_000,
  maxString: 8 * 1024 * 1024,
  maxAllocation: 64 * 1024 * 1024,
  maxItems: 1_000_000,
  maxBits: 65_536,
  maxDepth: 120,
};

/**
 * What the running render has used. Rendering is synchronous, so one record serves the whole engine; a render inside
 * a render (a variable whose value is a template) counts on the outer one's account.
 */
export const used = {
  steps: 0,
  allocation: 0,
  depth: 0,
  /** The deepest level that was reached. */
  deepest: 0,
  active: false,
  /** Tells accounts apart. */
  account: 0,
  limits: DEFAULT_LIMITS,
};

/** Runs `render` on a fresh account, or on the account of the render that it is part of. */
export function counted<T>(limits: Limits, render: () => T): T {
  if (used.active) {
    enter();
    try {
      return render();
    } finally {
      used.depth--;
    }
  }
  const before = used.limits;
  const account = used.account + 1;
  Object.assign(used, { steps: 0, allocation: 0, depth: 0, deepest: 0, active: true, account, limits });
  try {
    return render();
  } finally {
    used.active = false;
    used.limits = before;
  }
}

/** One level deeper; the caller must `used.depth--` in the end. */
export function enter(): void {
  if (used.depth >= used.limits.maxDepth) {
    throw new LimitError(
      'maxDepth',
      `more than ${used.limits.maxDepth} levels of calls, includes or recursion`,
    );
  }
  used.depth++;
  if (used.depth > used.deepest) used.deepest = used.depth;
}

export function step(): void {
  if (++used.steps > used.limits.maxSteps) failSteps();
}

/** Counts work on `size` items. */
export function steps(size: number): void {
  used.steps += size;
  if (used.steps > used.limits.maxSteps) failSteps();
}

function failSteps(): void {
  if (isOutside()) return;
  throw new LimitError('maxSteps', `the template takes more than ${used.limits.maxSteps} steps`);
}

/** Whether no render is running, to which work could add up: a reader of values that uses the engine's functions. */
function isOutside(): boolean {
  if (!used.active) Object.assign(used, { steps: 0, allocation: 0 });
  return !used.active;
}

/** Counts a text that was made. */
export function made(text: string): string {
  if (text.length > 1024) willMake(text.length);
  return text;
}

/** Refuses a text of `length` characters before it is made, and counts it. */
export function willMake(length: number): void {
  if (length > used.limits.maxString) {
    throw new LimitError('maxString', `a text of more than ${used.limits.maxString} characters`);
  }
  if (length <= 1024) return;
  used.allocation += length;
  if (used.allocation > used.limits.maxAllocation && !isOutside()) {
    throw new LimitError(
      'maxAllocation',
      `texts of more than ${used.limits.maxAllocation} characters in all`,
    );
  }
}

/** Refuses a list of `count` items before it is made, and counts it. */
export function willHold(count: number): void {
  if (count > used.limits.maxItems) {
    throw new LimitError('maxItems', `more than ${used.limits.maxItems} items`);
  }
  steps(count);
}

/** Refuses an integer of `bits` bits before it is made. */
export function willCompute(bits: number): void {
  if (bits > used.limits.maxBits) {
    throw new LimitError('maxBits', `an integer of more than ${used.limits.maxBits} bits`);
  }
  steps(Math.ceil(bits / 64));
}

/** Counts a text that is about to be read from one end to the other. */
export function reads(text: string): void {
  steps(text.length >> 3);
}

/** Refuses output that grew too long. */
export function failOutput(): never {
  throw new LimitError('maxString', `the output has more than ${used.limits.maxString} characters`);
}
