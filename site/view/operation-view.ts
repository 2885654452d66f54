import type { Fleet } from '../fleet.ts';
import { count } from './amount.ts';
import type { Tone } from './state-words.ts';
import { type Moment, momentOf } from './time.ts';
import { visible } from './visible.ts';

/** An operation as one row of a table. */
export interface OperationRow {
  readonly at: Moment;
  readonly who: string;
  readonly action: string;
  readonly summary: string;
  /** `alpha/hadoop-x, 3 hosts`; `4 clusters, 1 host`. */
  readonly scope: string;
  /** `refused: promote/not-on-branch`. */
  readonly result: string;
  readonly tone: Tone;
}

/** The most rows that a page shows. */
const MOST_ROWS = 20;

/** The last operations, the latest first: on a cluster, or on all where none is named. */
export function viewOperations({ operations, now }: Fleet, cluster?: string): OperationRow[] {
  return operations
    .filter(({ clusters }) => cluster === undefined || clusters.includes(cluster))
    .slice(0, MOST_ROWS)
    .map(({ at, who, action, summary, clusters, hosts, result, problems }) => ({
      at: momentOf(at, now),
      who: visible(who),
      action,
      summary: visible(summary),
      scope: `${clusters.length === 1 ? clusters[0] : count(clusters.length, 'cluster')}, ${count(hosts, 'host')}`,
      result: visible(problems.length === 0 ? result : `${result}: ${problems.join(', ')}`),
      tone: result === 'done' ? 'good' : 'bad',
    }));
}
