import { UnsupportedError } from '../../jinja/errors.ts';
import type { Assertion, CharSet, RegexNode } from './node.ts';

/** An instruction of the matcher. Numbers named `to`, `other` are indexes of instructions. */
export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet; readonly code: number | undefined }
  | {
      readonly op: 'run';
      readonly set: CharSet;
      readonly code: number | undefined;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly op: 'split'; to: number; other: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly what: Assertion; readonly ascii: boolean }
  | { readonly op: 'back'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly op: 'if group'; readonly index: number; other: number }
  /** Enters a loop: its rounds are counted in `register`, the place of its last free round is in the next one. */
  | { readonly op: 'enter'; readonly register: number }
  | {
      readonly op: 'loop';
      readonly register: number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      to: number;
    }
  | { readonly op: 'look'; readonly negated: boolean; readonly width: number; other: number }
  | { readonly op: 'atomic'; other: number }
  | { readonly op: 'done' };

export interface Program {
  readonly code: readonly Instruction[];
  readonly registers: number;
}

const LONGEST = 100_000;

/** Compiles a parsed regular expression for `matchProgram`. */
export function compileRegex(node: RegexNode): Program {
  const compiler = new Compiler();
  compiler.emit(node);
  compiler.add({ op: 'done' });
  return { code: compiler.code, registers: compiler.registers };
}

class Compiler {
  readonly code: Instruction[] = [];
  registers = 0;

  add<T extends Instruction>(instruction: T): T {
    if (this.code.length >= LONGEST) throw new UnsupportedError('the regular expression is too long');
    this.code.push(instruction);
    return instruction;
  }

  emit(node: RegexNode): void {
    switch (node.kind) {
      case 'set':
        this.add({ op: 'set', set: node, code: singleCode(node) });
        break;
      case 'sequence':
        for (const item of node.items) this.emit(item);
        break;
      case 'choice':
        this.#choice(node.options);
        break;
      case 'group':
        this.add({ op: 'save', slot: node.index * 2 });
        this.emit(node.body);
        this.add({ op: 'save', slot: node.index * 2 + 1 });
        break;
      case 'repeat':
        this.#repeat(node);
        break;
      case 'atomic':
        this.#atomic(() => this.emit(node.body));
        break;
      case 'look': {
        const look = this.add({ op: 'look', negated: node.negated, width: node.width, other: 0 });
        this.emit(node.body);
        this.add({ op: 'done' });
        look.other = this.code.length;
        break;
      }
      case 'assert':
        this.add({ op: 'assert', what: node.what, ascii: node.ascii });
        break;
      case 'back':
        this.add({ op: 'back', index: node.index, ignoreCase: node.ignoreCase });
        break;
      case 'condition': {
        const test = this.add({ op: 'if group', index: node.index, other: 0 });
        this.emit(node.yes);
        const end = this.add({ op: 'jump', to: 0 });
        test.other = this.code.length;
        this.emit(node.no);
        end.to = this.code.length;
      }
    }
  }

  #atomic(emit: () => void): void {
    const atomic = this.add({ op: 'atomic', other: 0 });
    emit();
    this.add({ op: 'done' });
    atomic.other = this.code.length;
  }

  #choice(options: readonly RegexNode[]): void {
    const ends: { to: number }[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        this.emit(option);
        break;
      }
      const split = this.add({ op: 'split', to: this.code.length + 1, other: 0 });
      this.emit(option);
      ends.push(this.add({ op: 'jump', to: 0 }));
      split.other = this.code.length;
    }
    for (const end of ends) end.to = this.code.length;
  }

  #repeat(node: RegexNode & { kind: 'repeat' }): void {
    if (node.mode === 'possessive') {
      this.#atomic(() => this.#repeat({ ...node, mode: 'greedy' }));
      return;
    }
    const { body, min, max } = node;
    const lazy = node.mode === 'lazy';
    if (body.kind === 'set') {
      this.add({ op: 'run', set: body, code: singleCode(body), min, max, lazy });
      return;
    }
    if (max === 1 && min === 0) {
      const split = this.add({ op: 'split', to: 0, other: 0 });
      const start = this.code.length;
      this.emit(body);
      [split.to, split.other] = lazy ? [this.code.length, start] : [start, this.code.length];
      return;
    }
    const register = this.registers;
    this.registers += 2;
    this.add({ op: 'enter', register });
    const start = this.code.length;
    const loop = this.add({ op: 'loop', register, min, max, lazy, to: 0 });
    this.emit(body);
    this.add({ op: 'jump', to: start });
    loop.to = this.code.length;
  }
}

/** The one character that a set takes, where it is so plain. */
function singleCode(set: CharSet): number | undefined {
  const [range, ...more] = set.ranges;
  if (!range || more.length > 0 || set.categories.length > 0 || set.negated || set.ignoreCase)
    return undefined;
  return range[0] === range[1] ? range[0] : undefined;
}
