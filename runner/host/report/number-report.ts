import type { Report } from '../../../compiler/contract/report.ts';
import type { RootedDisk } from '../apply/folders.ts';
import { readLastReport, readSent, readSpool } from './spool.ts';

/**
 * A report with its place among those of this boot, so that one that comes twice is known again. The last one counts
 * from whichever file still tells of it: a number is not given twice because one of them was lost.
 */
export function numberReport(rooted: RootedDisk, report: Report, boot: string): Report {
  const known = [readLastReport(rooted), readSent(rooted)?.report, readSpool(rooted).at(-1)];
  const numbers = known.map((one) => (one?.boot === boot ? (one.seq ?? 0) : 0));
  return { ...report, boot, seq: Math.max(...numbers) + 1 };
}
