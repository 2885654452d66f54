import type { Works } from '../../jinja/jinja.ts';
import { newNode, type ReadNode } from './read-node.ts';

/** A piece of work that a template did, and what that itself read: what works within it read is theirs. */
export interface TemplateWork {
  readonly template: string | undefined;
  /** Offset in the template, behind a first line that sets delimiters. */
  readonly at: number;
  /** The number of the work that this one is a part of. */
  readonly within: number | undefined;
  readonly reads: ReadNode;
}

/** Keeps the works of a render by their numbers, in the order in which they began. */
export class TemplateWorks implements Works {
  readonly all: TemplateWork[] = [];
  readonly #node: ReadNode;
  readonly #open: number[] = [];

  /** @param node of the render, whose reads are told apart by works; those of variables are their own */
  constructor(node: ReadNode) {
    this.#node = node;
  }

  begin(template: string | undefined, at: number): number {
    const work = this.all.push({ template, at, within: this.#open.at(-1), reads: newNode(undefined) }) - 1;
    this.#open.push(work);
    return work;
  }

  end(work: number | undefined): void {
    const at = this.#open.lastIndexOf(work!);
    if (at >= 0) this.#open.length = at;
  }

  /** Where what a node reads counts too. */
  openIn(node: ReadNode): ReadNode | undefined {
    const work = this.#open.at(-1);
    return node === this.#node && work !== undefined ? this.all[work]!.reads : undefined;
  }
}
