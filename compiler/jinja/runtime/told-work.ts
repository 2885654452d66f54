import { numberedMark } from '../trace.ts';
import type { Value } from '../values/value.ts';
import type { Context } from './context.ts';

/** Tells that work at an offset of a template begins; whoever asked for it ends it. */
export function beginWork(context: Context, template: string | undefined, at: number): number | undefined {
  return context.works?.begin(template, at);
}

export function endWork(context: Context, work: number | undefined): void {
  context.works?.end(work);
}

/** Does work and tells of it. */
export function toldWork<T>(context: Context, [template, at]: WorkPlace, work: () => T): T {
  const begun = beginWork(context, template, at);
  try {
    return work();
  } finally {
    endWork(context, begun);
  }
}

/** Goes through items and tells of each as a piece of work. */
export function* toldItems(context: Context, place: WorkPlace, items: Iterable<Value>): Iterable<Value> {
  const iterator = items[Symbol.iterator]();
  try {
    while (true) {
      const next = toldWork(context, place, () => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    iterator.return?.();
  }
}

type WorkPlace = readonly [template: string | undefined, at: number];

/** A mark with the number of the work that wrote what stands behind it. */
export function workMark(mark: string, work: number | undefined): string {
  return numberedMark(mark, work);
}

/** The mark of what a template writes as it stands. */
export function dataMark(context: Context, [template, at]: WorkPlace, mark: string): string {
  const work = beginWork(context, template, at);
  endWork(context, work);
  return numberedMark(mark, work);
}
