import { LimitError } from '../../jinja/errors.ts';
import { steps } from '../../jinja/limits.ts';
import { isWordCode, sameIgnoringCase, setHas } from './char-set.ts';
import type { Instruction, Program } from './compile-regex.ts';
import type { Assertion } from './node.ts';

/** Instructions that cost one step of the render. */
const PER_STEP = 4;
/** Numbers that the stack of ways not taken may hold. */
const LARGEST_STACK = 8_000_000;

/**
 * Runs a program at one position; backtracking, with every instruction counted on the render's account.
 * @param codes the text's code points
 * @param mustAdvance whether an empty match does not count
 * @returns for each group its start and end (-1 where it took no part), or undefined
 */
export function matchProgram(
  program: Program,
  codes: Uint32Array,
  { start, groups, mustAdvance }: { start: number; groups: number; mustAdvance: boolean },
): Int32Array | undefined {
  const machine = new Machine(program, codes, groups);
  const end = machine.run(0, start, mustAdvance ? start : -1);
  machine.settle();
  if (end < 0) return undefined;
  machine.slots[0] = start;
  machine.slots[1] = end;
  return machine.slots;
}

// What an entry of the stack says, by its first number.
const TRY = 0;
const SLOT = 1;
const REGISTER = 2;
const RUN = 3;
/** A lazy loop that may go round once more. */
const ROUND = 4;

class Machine {
  readonly slots: Int32Array;
  readonly #code: readonly Instruction[];
  readonly #codes: Uint32Array;
  readonly #registers: Int32Array;
  /** Entries of four numbers: what, and its three arguments. */
  readonly #stack: number[] = [];
  #count = 0;

  constructor(program: Program, codes: Uint32Array, groups: number) {
    this.#code = program.code;
    this.#codes = codes;
    this.slots = new Int32Array(groups * 2 + 2).fill(-1);
    this.#registers = new Int32Array(program.registers);
  }

  /** Puts what was counted on the render's account. */
  settle(): void {
    steps(Math.ceil(this.#count / PER_STEP));
    this.#count = 0;
  }

  #tick(count: number): void {
    this.#count += count;
    if (this.#count >= 65_536) this.settle();
  }

  /** @param refused an end that does not count. @returns the end of the match, or -1. */
  run(entry: number, start: number, refused: number): number {
    const base = this.#stack.length;
    let pc = entry;
    let at = start;
    for (;;) {
      this.#tick(1);
      const instruction = this.#code[pc]!;
      let ok = true;
      switch (instruction.op) {
        case 'set':
          ok = at < this.#codes.length && this.#has(instruction, this.#codes[at]!);
          at++;
          pc++;
          break;
        case 'run': {
          const next = this.#run(instruction, pc, at);
          ok = next >= 0;
          at = next;
          pc++;
          break;
        }
        case 'split':
          this.#push(TRY, instruction.other, at, 0);
          pc = instruction.to;
          break;
        case 'jump':
          pc = instruction.to;
          break;
        case 'save':
          this.#push(SLOT, instruction.slot, this.slots[instruction.slot]!, 0);
          this.slots[instruction.slot] = at;
          pc++;
          break;
        case 'assert':
          ok = this.#holds(instruction.what, at, instruction.ascii);
          pc++;
          break;
        case 'back': {
          const next = this.#back(instruction.index, at, instruction.ignoreCase);
          ok = next >= 0;
          at = next;
          pc++;
          break;
        }
        case 'if group':
          pc = this.slots[instruction.index * 2 + 1]! >= 0 ? pc + 1 : instruction.other;
          break;
        case 'enter':
          this.#setRegister(instruction.register, 0);
          this.#setRegister(instruction.register + 1, -1);
          pc++;
          break;
        case 'loop':
          pc = this.#loop(instruction, pc, at);
          break;
        case 'look': {
          const from = at - instruction.width;
          ok = this.#look(pc + 1, from, instruction.negated);
          pc = instruction.other;
          break;
        }
        case 'atomic': {
          const mark = this.#stack.length;
          const end = this.run(pc + 1, at, -1);
          this.#keepUndo(mark);
          ok = end >= 0;
          at = end;
          pc = instruction.other;
          break;
        }
        case 'done':
          if (at !== refused || entry !== 0) return at;
          ok = false;
      }
      if (ok) continue;
      const resumed = this.#backtrack(base);
      if (resumed === undefined) return -1;
      [pc, at] = resumed;
    }
  }

  #push(what: number, a: number, b: number, c: number): void {
    if (this.#stack.length > LARGEST_STACK) {
      throw new LimitError('maxSteps', 'a regular expression leaves too many ways open');
    }
    this.#stack.push(what, a, b, c);
  }

  #setRegister(register: number, value: number): void {
    this.#push(REGISTER, register, this.#registers[register]!, 0);
    this.#registers[register] = value;
  }

  #has(instruction: Instruction & { op: 'set' | 'run' }, code: number): boolean {
    return instruction.code === undefined ? setHas(instruction.set, code) : instruction.code === code;
  }

  #run(instruction: Instruction & { op: 'run' }, pc: number, at: number): number {
    const most = Math.min(instruction.max, this.#codes.length - at);
    const wanted = instruction.lazy ? Math.min(instruction.min, most) : most;
    let taken = 0;
    while (taken < wanted && this.#has(instruction, this.#codes[at + taken]!)) taken++;
    this.#tick(taken);
    if (taken < instruction.min) return -1;
    const least = at + instruction.min;
    if (instruction.lazy) this.#push(RUN, pc, at + taken, at + most);
    else if (taken > instruction.min) this.#push(RUN, pc, at + taken, least);
    return at + taken;
  }

  #loop(instruction: Instruction & { op: 'loop' }, pc: number, at: number): number {
    const { register, min, max, lazy, to } = instruction;
    const count = this.#registers[register]!;
    if (count < min) {
      this.#setRegister(register, count + 1);
      return pc + 1;
    }
    if (lazy) {
      this.#push(ROUND, pc, at, 0);
      return to;
    }
    // As in Python, a round that begins where the last free one began is none.
    if (count >= max || this.#registers[register + 1] === at) return to;
    this.#push(TRY, to, at, 0);
    return this.#round(register, pc, at);
  }

  #round(register: number, pc: number, at: number): number {
    this.#setRegister(register, this.#registers[register]! + 1);
    this.#setRegister(register + 1, at);
    return pc + 1;
  }

  #look(entry: number, from: number, negated: boolean): boolean {
    if (from < 0) return negated;
    const mark = this.#stack.length;
    const found = this.run(entry, from, -1) >= 0;
    if (negated && found) this.#undo(mark);
    else this.#keepUndo(mark);
    return found !== negated;
  }

  /** Forgets the ways not taken since `mark`, but not what must be undone. */
  #keepUndo(mark: number): void {
    const kept = [];
    for (let index = mark; index < this.#stack.length; index += 4) {
      const what = this.#stack[index]!;
      if (what === SLOT || what === REGISTER) kept.push(...this.#stack.slice(index, index + 4));
    }
    this.#stack.length = mark;
    for (const number of kept) this.#stack.push(number);
  }

  #undo(mark: number): void {
    while (this.#stack.length > mark) this.#pop();
  }

  #pop(): { what: number; a: number; b: number; c: number } {
    const c = this.#stack.pop()!;
    const b = this.#stack.pop()!;
    const a = this.#stack.pop()!;
    const what = this.#stack.pop()!;
    if (what === SLOT) this.slots[a] = b;
    else if (what === REGISTER) this.#registers[a] = b;
    return { what, a, b, c };
  }

  #backtrack(base: number): [number, number] | undefined {
    while (this.#stack.length > base) {
      const { what, a, b, c } = this.#pop();
      if (what === TRY) return [a, b];
      if (what === ROUND) {
        const loop = this.#code[a] as Instruction & { op: 'loop' };
        if (this.#registers[loop.register]! >= loop.max || this.#registers[loop.register + 1] === b) continue;
        return [this.#round(loop.register, a, b), b];
      }
      if (what === RUN) {
        const next = this.#resumeRun(a, b, c);
        if (next >= 0) return [a + 1, next];
      }
    }
    return undefined;
  }

  #resumeRun(pc: number, at: number, bound: number): number {
    const instruction = this.#code[pc] as Instruction & { op: 'run' };
    if (!instruction.lazy) {
      if (at - 1 > bound) this.#push(RUN, pc, at - 1, bound);
      return at - 1;
    }
    if (at >= bound || !this.#has(instruction, this.#codes[at]!)) return -1;
    this.#push(RUN, pc, at + 1, bound);
    return at + 1;
  }

  #back(index: number, at: number, ignoreCase: boolean): number {
    const start = this.slots[index * 2]!;
    const end = this.slots[index * 2 + 1]!;
    if (start < 0 || end < 0) return -1;
    this.#tick(end - start);
    for (let offset = 0; offset < end - start; offset++) {
      const there = this.#codes[start + offset]!;
      if (at + offset >= this.#codes.length) return -1;
      const here = this.#codes[at + offset]!;
      if (here !== there && !(ignoreCase && sameIgnoringCase(here, there))) return -1;
    }
    return at + end - start;
  }

  #holds(what: Assertion, at: number, ascii: boolean): boolean {
    const { length } = this.#codes;
    switch (what) {
      case 'text start':
        return at === 0;
      case 'line start':
        return at === 0 || this.#codes[at - 1] === 10;
      case 'text end':
        return at === length;
      case 'end':
        return at === length || (at === length - 1 && this.#codes[at] === 10);
      case 'line end':
        return at === length || this.#codes[at] === 10;
      default: {
        // Python finds no border, and no lack of one, in an empty text.
        if (length === 0) return false;
        const before = at > 0 && isWordCode(this.#codes[at - 1]!, ascii);
        const after = at < length && isWordCode(this.#codes[at]!, ascii);
        return (before !== after) === (what === 'word');
      }
    }
  }
}
