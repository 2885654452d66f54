import type { Fleet } from '../fleet.ts';
import { type Moment, momentOf } from './time.ts';
import { visible } from './visible.ts';

/** An operation as one row of a table. */
export interface OperationRow {
  readonly at: Moment;
  readonly who: string;
  readonly action: string;
  readonly result: string;
}

/** The last operations on a cluster, latest first. */
export function viewOperations({ operations, now }: Fleet, cluster: string): OperationRow[] {
  return operations
    .filter((operation) => operation.cluster === cluster)
    .map((operation) => ({
      at: momentOf(operation.at, now),
      who: visible(operation.who),
      action: visible(operation.action),
      result: visible(operation.result),
    }));
}
